//! Rules 2, 4 and 5: units, matrices and lengths.

use maquette_core::Demand;

use super::kit::{
    MAY_SELL, Shop, ask, burn, clips, images, offer, plan, sized, songs, speech, words,
};

/// One provider `p` with a plan `plan` and one burn rule for a closed model `m`.
fn one_plan(modality: &str, fee: &str, credits: &str, rule: &str) -> Shop {
    let more = format!("{rule}{MAY_SELL}");
    Shop::new()
        .closed("m", modality)
        .provider("p", &plan("plan", modality, fee, credits, &more))
}

/// One offer `p/m` of a closed model.
fn one_offer(modality: &str, per: &str, rows: &[(&str, &str)], more: &str) -> Shop {
    let text = offer("p/m", "m", modality, per, rows).replace("#more", more);
    Shop::new().closed("m", modality).provider("p", &text)
}

#[test]
fn rule_02_credits_a_second_by_model() {
    let at_720p = "when = { resolution = \"720p\" }";
    // Gen-4 takes 12 a second: 10 clips of 5 s are 600 of 625 credits, 11 are 660.
    let gen4 = one_plan(
        "video",
        "15",
        "625",
        &burn("m", "video", "12", "second", at_720p),
    );
    assert_eq!(gen4.total(clips(10, 5)), "15.00");
    assert_eq!(gen4.total(clips(11, 5)), "-");
    // Turbo takes 5: 25 clips are 625.
    let turbo = one_plan(
        "video",
        "15",
        "625",
        &burn("m", "video", "5", "second", at_720p),
    );
    assert_eq!(turbo.total(clips(25, 5)), "15.00");
    assert_eq!(turbo.total(clips(26, 5)), "-");
}

#[test]
fn rule_02_credits_a_pair_of_songs_and_a_character() {
    // 2,500 credits at 10 for two songs.
    let pair = burn("m", "music", "10", "job", "outputs_per_job = 2");
    let suno = one_plan("music", "10", "2500", &pair);
    assert_eq!(suno.total(songs(500)), "10.00");
    assert_eq!(suno.total(songs(501)), "-");
    // 100,000 credits: at one a character 112.04 minutes of 892.5, at a half 224.09.
    let v2 = one_plan(
        "speech",
        "22",
        "100000",
        &burn("m", "speech", "1", "character", ""),
    );
    assert_eq!(v2.total(speech(112)), "22.00");
    assert_eq!(v2.total(speech(113)), "-");
    let flash = one_plan(
        "speech",
        "22",
        "100000",
        &burn("m", "speech", "0.5", "character", ""),
    );
    assert_eq!(flash.total(speech(224)), "22.00");
    assert_eq!(flash.total(speech(225)), "-");
}

#[test]
fn rule_02_songs_longer_than_a_job_allows() {
    // Songs of 180 s do not come out of jobs of at most 120 s.
    let short = burn("m", "music", "10", "job", "seconds_max = \"120\"");
    let shop = one_plan("music", "10", "2500", &short);
    let answer = shop.answer(&ask(songs(1)));
    assert_eq!(answer.total(), "-");
    assert_eq!(answer.reason("plan"), "length-not-offered");
    let two_minutes = Demand {
        seconds: Some(120.into()),
        ..songs(1)
    };
    assert_eq!(shop.total(two_minutes), "10.00");
}

#[test]
fn rule_02_tokens_a_picture_are_not_guessed() {
    let shop = one_offer("image", "1m-image-output-tokens", &[("40 USD", "")], "");
    let answer = shop.answer(&ask(images(1)));
    assert_eq!(answer.total(), "-");
    assert_eq!(answer.reason("p/m"), "not-published");
}

#[test]
fn rule_02_megapixels_rounded_up() {
    // fal FLUX.1 [schnell]: 0.003 a megapixel of 1,048,576 pixels, each picture rounded up.
    let fal = one_offer(
        "image",
        "megapixel",
        &[("0.003 USD", "")],
        "megapixel_pixels = 1048576",
    );
    assert_eq!(fal.total(sized(100, 1024, 1024)), "0.30");
    assert_eq!(fal.total(sized(100, 1024, 1025)), "0.60");
    // 1920 × 1080 is 1.98 of them.
    assert_eq!(fal.total(sized(100, 1920, 1080)), "0.60");
    // Where nobody says so, nothing is rounded: 1.048576 × 0.003 × 100.
    let exact = one_offer("image", "megapixel", &[("0.003 USD", "")], "");
    assert_eq!(exact.total(sized(100, 1024, 1024)), "0.3145728");
}

#[test]
fn rule_02_tiles_and_steps() {
    // Cloudflare: 0.0000528 a tile of 512 × 512 and 0.0001056 a step; schnell takes 4 steps.
    let text = offer("c/s", "s", "image", "tile-512", &[("0.0000528 USD", "")])
        + "[[offer.price]]\namount = \"0.0001056 USD\"\nper = \"step\" @\n";
    let shop = Shop::new()
        .open("s", "image", "[defaults]\nsteps = 4\n")
        .provider("c", &text);
    // 4 tiles + 4 steps = 0.0002112 + 0.0004224 = 0.0006336.
    assert_eq!(shop.total(sized(100, 1024, 1024)), "0.06336");
    // 1,025 pixels are three tiles wide: 6 tiles + 4 steps = 0.0007392.
    assert_eq!(shop.total(sized(100, 1025, 1024)), "0.07392");
}

#[test]
fn rule_02_bytes_of_text() {
    // Fish Audio: 15 USD a million bytes; 10 minutes are 8,925 Latin letters, a byte each.
    let shop = one_offer("speech", "1m-utf8-bytes", &[("15 USD", "")], "");
    let answer = shop.answer(&ask(speech(10)));
    assert_eq!(answer.total(), "0.133875");
    assert!(answer.warns("three per Chinese character"));
    // As many Chinese characters are three bytes each: 0.401625, and nothing is left to warn of.
    let chinese = Demand {
        bytes_per_character: Some(3.into()),
        ..speech(10)
    };
    let answer = shop.answer(&ask(chinese));
    assert_eq!(answer.total(), "0.401625");
    assert!(!answer.warns("Chinese"));
}

#[test]
fn rule_02_video_tokens() {
    // Seedance: 1280 × 720 × 24 × 5 ÷ 1024 = 108,000 tokens a clip; here at 10 USD a million.
    let row = [("10 USD", "when = { resolution = \"720p\" }")];
    let rate = "frames_per_second = \"24\"";
    let shop = one_offer("video", "1m-video-tokens", &row, rate);
    assert_eq!(shop.total(clips(1, 5)), "1.08");
    assert_eq!(shop.total(clips(10, 10)), "21.60");
    // Seedance 2.5 bills one frame more: 121 frames are 108,900 tokens.
    let more = format!("{rate}\nextra_frames = 1");
    let shop = one_offer("video", "1m-video-tokens", &row, &more);
    assert_eq!(shop.total(clips(1, 5)), "1.089");
    // At no known frame rate there is no price.
    let shop = one_offer("video", "1m-video-tokens", &row, "");
    assert_eq!(
        shop.answer(&ask(clips(1, 5))).reason("p/m"),
        "not-published"
    );
}

#[test]
fn rule_04_quality_of_a_picture() {
    let shop = one_offer(
        "image",
        "image",
        &[
            (
                "0.0059 USD",
                "when = { size = \"1024x1024\", quality = \"low\" }",
            ),
            (
                "0.0132 USD",
                "when = { size = \"1024x1024\", quality = \"medium\" }",
            ),
            (
                "0.0527 USD",
                "when = { size = \"1024x1024\", quality = \"high\" }",
            ),
            (
                "0.02 USD",
                "when = { size = \"1536x1024\", quality = \"medium\" }",
            ),
        ],
        "",
    );
    let of = |quality: &str| {
        let quality = Some(quality.to_owned());
        Demand {
            quality,
            ..images(100)
        }
    };
    assert_eq!(shop.total(images(100)), "0.59");
    assert_eq!(shop.total(of("medium")), "1.32");
    assert_eq!(shop.total(of("high")), "5.27");
    // 1,152 × 1,024 is above the square, so the wide medium row: 100 × 0.02.
    let wide = Demand {
        quality: Some("medium".to_owned()),
        ..sized(100, 1152, 1024)
    };
    assert_eq!(shop.total(wide), "2.00");
}

#[test]
fn rule_04_sound_and_resolution_of_a_clip() {
    // Kling 3.0 at 720p: 0.084 a second silent, 0.126 with sound; ten clips of 5 s are 50 s.
    let kling = one_offer(
        "video",
        "second-of-video",
        &[
            (
                "0.084 USD",
                "when = { resolution = \"720p\", audio = \"off\" }",
            ),
            (
                "0.126 USD",
                "when = { resolution = \"720p\", audio = \"on\" }",
            ),
        ],
        "",
    );
    let sound = |audio| Demand {
        audio,
        ..clips(10, 5)
    };
    assert_eq!(kling.total(sound(None)), "4.20");
    assert_eq!(kling.total(sound(Some(false))), "4.20");
    assert_eq!(kling.total(sound(Some(true))), "6.30");
    // Wan2.2 turbo at fal: 0.05 a clip at 480p, 0.10 at 720p, nothing at 1080p.
    let wan = one_offer(
        "video",
        "video",
        &[
            (
                "0.05 USD",
                "when = { resolution = \"480p\", seconds = \"5\" }",
            ),
            (
                "0.10 USD",
                "when = { resolution = \"720p\", seconds = \"5\" }",
            ),
        ],
        "",
    );
    let lines = |height| Demand {
        height: Some(height),
        ..clips(10, 5)
    };
    assert_eq!(wan.total(lines(480)), "0.50");
    assert_eq!(wan.total(lines(720)), "1.00");
    let answer = wan.answer(&ask(lines(1080)));
    assert_eq!(answer.total(), "-");
    assert_eq!(answer.reason("p/m"), "too-small");
}

#[test]
fn rule_05_allowed_lengths() {
    // Gen-4 makes 5 or 10 s at 0.12 a second: 6 s are billed as 10.
    let row = [("0.12 USD", "when = { resolution = \"720p\" }")];
    let gen4 = one_offer(
        "video",
        "second-of-video",
        &row,
        "seconds_allowed = [\"5\", \"10\"]",
    );
    assert_eq!(gen4.total(clips(1, 5)), "0.60");
    assert_eq!(gen4.total(clips(1, 6)), "1.20");
    let answer = gen4.answer(&ask(clips(1, 11)));
    assert_eq!(answer.reason("p/m"), "length-not-offered");
    // Sora 2 makes 4, 8 or 12 s at 0.10.
    let row = [("0.10 USD", "when = { resolution = \"720p\" }")];
    let lengths = "seconds_allowed = [\"4\", \"8\", \"12\"]";
    let sora = one_offer("video", "second-of-video", &row, lengths);
    assert_eq!(sora.total(clips(1, 5)), "0.80");
    // A plan's burn knows lengths too: 6 s take 120 of 125 credits once, not twice 72.
    let rule = burn(
        "m",
        "video",
        "12",
        "second",
        "when = { resolution = \"720p\" }\nseconds_allowed = [\"5\", \"10\"]",
    );
    let plan = one_plan("video", "15", "143", &rule);
    assert_eq!(plan.total(clips(1, 6)), "15.00");
    assert_eq!(plan.total(clips(2, 6)), "-");
}

#[test]
fn rule_05_steps_of_length_and_resolution() {
    // Luma ray-3.2: 10 s cost three times 5 s (the ratio is the note's, the amounts are not).
    let luma = one_offer(
        "video",
        "video",
        &[
            (
                "0.30 USD",
                "when = { resolution = \"720p\", seconds = \"5\" }",
            ),
            (
                "0.90 USD",
                "when = { resolution = \"720p\", seconds = \"10\" }",
            ),
        ],
        "",
    );
    assert_eq!(luma.total(clips(2, 5)), "0.60");
    assert_eq!(luma.total(clips(2, 6)), "1.80");
    assert_eq!(
        luma.answer(&ask(clips(1, 11))).reason("p/m"),
        "length-not-offered"
    );
    // LTX fast goes beyond 10 s only at 1080p: the row's seconds are its longest clip.
    let ltx = one_offer(
        "video",
        "second-of-video",
        &[
            (
                "0.04 USD",
                "when = { resolution = \"1080p\", seconds = \"20\" }",
            ),
            (
                "0.16 USD",
                "when = { resolution = \"2160p\", seconds = \"10\" }",
            ),
        ],
        "",
    );
    let lines = |height, seconds| Demand {
        height: Some(height),
        ..clips(1, seconds)
    };
    assert_eq!(ltx.total(lines(1080, 12)), "0.48");
    assert_eq!(ltx.total(lines(2160, 10)), "1.60");
    assert_eq!(ltx.total(lines(2160, 12)), "-");
}

#[test]
fn a_prompt_longer_than_the_model_reads() {
    let row = offer("p/m", "m", "text", "1m-output-tokens", &[("1 USD", "")]);
    let with = |more: &str, prompt: u64| {
        let shop = Shop::new().open("m", "text", more).provider("p", &row);
        shop.answer(&ask(Demand {
            prompt_tokens: Some(prompt),
            ..words(500_000)
        }))
    };
    let known = "[llm]\ncontext = 131072\n";
    assert_eq!(with(known, 131_072).total(), "0.75");
    assert!(!with(known, 131_072).warns("a prompt this long"));
    let long = with(known, 131_073);
    assert_eq!(long.total(), "-");
    assert_eq!(long.reason("p/m"), "prompt-too-long");
    let unknown = with("", 131_073);
    assert_eq!(unknown.total(), "0.75");
    assert!(unknown.warns("a prompt this long"));
}
