//! Rules 1, 3, 8, 9 and 11: plans as the chooser sees them.

use maquette_core::{Ask, BillingWish, Demand, Modality};

use super::kit::{MAY_SELL, Shop, ask, burn, cash, clips, dec, images, plan, songs, speech, words};

/// Basic: 10 USD, 198 GPU minutes. Standard: 30 USD, 900 minutes and an unlimited slow lane. Both
/// sell an hour for 4 USD; an hour is lost after 60 days, so it is bought whole.
fn midjourney() -> Shop {
    let hours = "[plan.topup]\namount = \"4 USD\"\nunits = \"60\"\nexpires = \"days60\"\n";
    let grid = burn("mj", "image", "1", "job", "outputs_per_job = 4");
    let relax = "[plan.slow_lane]\nmodality = [\"image\"]\nconcurrent_jobs = 3\n";
    let basic = format!("{grid}{hours}{MAY_SELL}");
    let standard = format!("{grid}{relax}{hours}{MAY_SELL}");
    Shop::new().closed("mj", "image").provider(
        "midjourney",
        &format!(
            "{}{}",
            plan("basic", "image", "10", "198", &basic),
            plan("standard", "image", "30", "900", &standard)
        ),
    )
}

/// Standard: 15 USD, 625 credits, 12 credits a second. Credits are sold at 0.01 USD, 1,000 at
/// least, and never expire.
fn runway() -> Shop {
    let more = format!(
        "{}[plan.topup]\namount = \"1 USD\"\nunits = \"100\"\nminimum_packs = 10\n\
         expires = \"never\"\n{MAY_SELL}",
        burn(
            "gen4",
            "video",
            "12",
            "second",
            "when = { resolution = \"720p\" }"
        )
    );
    Shop::new()
        .closed("gen4", "video")
        .provider("runway", &plan("standard", "video", "15", "625", &more))
}

/// Pro: 10 USD, 2,500 credits, 10 credits for two songs; then 50 free credits a day.
fn suno() -> Shop {
    let more = format!(
        "{}[plan.overage]\nkind = \"free-daily\"\nfree_daily = \"50\"\n{MAY_SELL}",
        burn("suno", "music", "10", "job", "outputs_per_job = 2")
    );
    Shop::new()
        .closed("suno", "music")
        .provider("suno", &plan("pro", "music", "10", "2500", &more))
}

#[test]
fn rule_01_flat_plan_and_slow_lane() {
    let shop = midjourney();
    assert_eq!(shop.total(images(1)), "10.00");
    // 792 images = 198 jobs = 198 minutes; one image more takes an hour for 4 USD.
    assert_eq!(shop.total(images(792)), "10.00");
    assert_eq!(shop.total(images(793)), "14.00");
    // 2,000 images = 500 jobs: Basic lacks 302 minutes = 6 hours = 24 USD, 34 in all.
    let answer = shop.answer(&ask(images(2000)));
    assert_eq!(answer.total(), "30.00");
    assert_eq!(answer.alone("basic"), "34.00");
    // 100,000 images = 25,000 jobs: only the slow lane does that for the fee alone.
    let answer = shop.answer(&ask(images(100_000)));
    assert_eq!(answer.total(), "30.00");
    assert!(
        answer
            .stack()
            .choices
            .iter()
            .any(|c| c.variant == "slow lane")
    );
    // Fast: 25,000 − 900 = 24,100 minutes = 402 hours = 1,608 USD beside the fee.
    assert_eq!(answer.alone("standard"), "1638.00");
}

/// Lite: 10 USD, 10 minutes, a slow lane of 2 minutes a day; an hour more for 4 USD.
#[test]
fn rule_01_slow_lane_counted_by_the_day() {
    let more = format!(
        "{}[plan.slow_lane]\nmodality = [\"image\"]\nper_day = \"2\"\n\
         [plan.topup]\namount = \"4 USD\"\nunits = \"60\"\nexpires = \"days60\"\n{MAY_SELL}",
        burn("mj", "image", "1", "job", "outputs_per_job = 4")
    );
    let shop = Shop::new()
        .closed("mj", "image")
        .provider("midjourney", &plan("lite", "image", "10", "10", &more));
    // 10 minutes and 30 days of 2 are 70 jobs = 280 images; one image more takes an hour.
    assert_eq!(shop.total(images(280)), "10.00");
    assert_eq!(shop.total(images(281)), "14.00");
}

#[test]
fn rule_03_outputs_per_job_and_keep_rate() {
    let half = |d: Demand| Demand {
        keep_rate: dec("0.5"),
        ..d
    };
    let shop = midjourney();
    // 396 kept of 792 made fill the 198 jobs of Basic; 397 kept are 794 made = 199 jobs.
    assert_eq!(shop.total(half(images(396))), "10.00");
    assert_eq!(shop.total(half(images(397))), "14.00");
    let answer = shop.answer(&ask(half(images(100))));
    assert_eq!(answer.choice().quantity, "200");
    assert!(answer.choice().formula.starts_with("50 jobs"));
    // 10 USD for 100 kept.
    assert_eq!(answer.choice().unit_cost.amount, "0.10");
    // Three songs take two generations of two.
    let answer = suno().answer(&ask(songs(3)));
    assert!(answer.choice().formula.starts_with("2 jobs"));
    assert_eq!(answer.choice().quantity, "3");
}

#[test]
fn rule_08_top_up_minimum_and_fallback() {
    // Ten clips of 5 s: 600 of 625 credits. Eleven: 660, so 35 credits are bought.
    let shop = runway();
    assert_eq!(shop.total(clips(10, 5)), "15.00");
    // Used: 35 × 0.01. Paid: ten packs of 100, of which 965 credits are left.
    assert_eq!(shop.total(clips(11, 5)), "15.35");
    assert_eq!(shop.answer(&cash(clips(11, 5))).total(), "25.00");
    // 100 clips: 6,000 − 625 = 5,375 credits, 54 packs when paid.
    assert_eq!(shop.answer(&cash(clips(100, 5))).total(), "69.00");
    // Suno sells no pack here, and free credits carry no right of sale: 500 songs, not 502.
    assert_eq!(suno().total(songs(500)), "10.00");
    assert_eq!(suno().total(songs(502)), "-");
}

#[test]
fn rule_08_metered_overage() {
    // 112 minutes × 892.5 = 99,960 credits of 100,000. 200 minutes: 178,500, so 78,500 at
    // 0.0003 USD = 23.55 USD beside the fee of 22.
    let more = format!(
        "{}[plan.overage]\nkind = \"metered\"\nper_unit = \"0.0003 USD\"\n{MAY_SELL}",
        burn("v2", "speech", "1", "character", "")
    );
    let shop = Shop::new().closed("v2", "speech").provider(
        "elevenlabs",
        &plan("creator", "speech", "22", "100000", &more),
    );
    assert_eq!(shop.total(speech(112)), "22.00");
    assert_eq!(shop.total(speech(200)), "45.55");
}

#[test]
fn rule_09_annual_discount_and_introductory_price() {
    let year = "[[plan.fee]]\namount = \"144 USD\"\nbilling = \"annual\" @\n";
    let more = format!(
        "{year}{}{MAY_SELL}",
        burn(
            "gen4",
            "video",
            "12",
            "second",
            "when = { resolution = \"720p\" }"
        )
    );
    let shop = Shop::new()
        .closed("gen4", "video")
        .provider("runway", &plan("standard", "video", "15", "625", &more));
    let monthly = shop.answer(&ask(clips(10, 5)));
    assert_eq!(
        (monthly.total().as_str(), monthly.up_front()),
        ("15.00", "15.00")
    );
    // 144 USD a year: 12 a month, and 144 at the start.
    let annual = shop.answer(&Ask {
        billing: BillingWish::Annual,
        ..ask(clips(10, 5))
    });
    assert_eq!(
        (annual.total().as_str(), annual.up_front()),
        ("12.00", "144.00")
    );
    // A year paid at once gives no year of credits at once: 11 clips (660 credits) do not fit.
    let eleven = Ask {
        billing: BillingWish::Annual,
        ..ask(clips(11, 5))
    };
    assert_eq!(shop.answer(&eleven).total(), "-");
}

#[test]
fn rule_09_introductory_fee() {
    let intro = "[[plan.fee]]\namount = \"11 USD\"\nbilling = \"monthly\"\nintro_months = 1 @\n";
    let more = format!(
        "{intro}{}{MAY_SELL}",
        burn("v2", "speech", "1", "character", "")
    );
    let shop = Shop::new().closed("v2", "speech").provider(
        "elevenlabs",
        &plan("creator", "speech", "22", "100000", &more),
    );
    let lasting = shop.answer(&ask(speech(100)));
    assert_eq!(lasting.total(), "22.00");
    assert!(lasting.warns("11 USD for the first 1 month"));
    let first = shop.answer(&cash(speech(100)));
    assert_eq!(
        (first.total().as_str(), first.up_front()),
        ("11.00", "11.00")
    );
}

#[test]
fn rule_09_introductory_price_of_an_api() {
    // Sonnet 5: 10 USD a million written until 2026-08-31, then 15. 500,000 words = 750,000 tokens.
    let rows = "[[offer]]\nid = \"a/sonnet\"\nmodel = \"sonnet\"\nmodality = \"text\"\n\
        [[offer.price]]\namount = \"10 USD\"\nper = \"1m-output-tokens\"\nfirst_seen = \"2026-06\"\n\
        until = \"2026-09-01\" @\n\
        [[offer.price]]\namount = \"15 USD\"\nper = \"1m-output-tokens\"\nfrom = \"2026-09-01\" @\n";
    let shop = Shop::new()
        .closed("sonnet", "text")
        .provider("anthropic", rows);
    let on = |day: &str| {
        let ask = Ask {
            as_of: day.parse().expect("a day"),
            ..ask(words(500_000))
        };
        shop.answer(&ask).total()
    };
    assert_eq!(on("2026-08-31"), "7.50");
    assert_eq!(on("2026-09-01"), "11.25");
}

fn seated(demand: Demand, seats: u32) -> Ask {
    let mut ask = ask(demand);
    ask.studio.seats = seats;
    ask
}

#[test]
fn rule_11_minimum_and_per_seat_credits() {
    // 30 USD a seat, two seats at least; 1,500 credits for the whole team, one an image.
    let team = plan("team", "image", "30", "1500", "").replace(
        "billing = \"monthly\"",
        "billing = \"monthly\"\nper_seat = true",
    );
    let more = format!(
        "{}[plan.seats]\nminimum = 2\n{MAY_SELL}",
        burn("i3", "image", "1", "job", "")
    );
    let shop = Shop::new()
        .closed("i3", "image")
        .provider("ideogram", &format!("{team}{more}"));
    assert_eq!(shop.answer(&seated(images(100), 1)).total(), "60.00");
    assert_eq!(shop.answer(&seated(images(100), 3)).total(), "90.00");
    assert_eq!(shop.answer(&seated(images(1501), 3)).total(), "-");
    // Hugging Face: 2.00 USD of credit for each seat; here 0.02 an image, so 100 images a seat.
    let hf = plan("hf-team", "image", "20", "2", "")
        .replace(
            "billing = \"monthly\"",
            "billing = \"monthly\"\nper_seat = true",
        )
        .replace("every = \"month\"", "every = \"month\"\nper_seat = true");
    let more = format!("{}{MAY_SELL}", burn("i3", "image", "0.02", "job", ""));
    let shop = Shop::new()
        .closed("i3", "image")
        .provider("huggingface", &format!("{hf}{more}"));
    assert_eq!(shop.answer(&seated(images(300), 3)).total(), "60.00");
    assert_eq!(shop.answer(&seated(images(301), 3)).total(), "-");
}

#[test]
fn rule_11_seats_inside_the_tier() {
    // Scale: 299 USD with 3 seats; Business: 990 USD with 10.
    let rule = burn("v2", "speech", "1", "character", "");
    let tier = |id: &str, fee: &str, credits: &str, seats: u32| {
        let more = format!("{rule}[plan.seats]\nminimum = 1\nincluded = {seats}\n{MAY_SELL}");
        plan(id, "speech", fee, credits, &more)
    };
    let shop = Shop::new().closed("v2", "speech").provider(
        "elevenlabs",
        &format!(
            "{}{}",
            tier("scale", "299", "2000000", 3),
            tier("business", "990", "6000000", 10)
        ),
    );
    let total = |minutes, seats| {
        let demand = Demand::usual(Modality::Speech, dec(minutes));
        shop.answer(&seated(demand, seats)).total()
    };
    assert_eq!(total("100", 3), "299.00");
    // Ten seats are four of Scale (1,196) or one Business.
    assert_eq!(total("100", 10), "990.00");
    // Six seats are two of Scale, with two allowances: 4,000,000 credits are 4,481.79 minutes.
    assert_eq!(total("4481", 6), "598.00");
    assert_eq!(total("4482", 6), "990.00");
}
