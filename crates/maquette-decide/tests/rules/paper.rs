//! Rules 14, 16 and 17: rights, currency and retirement.

use maquette_core::{Ask, Money, Use};

use super::kit::{MAY_SELL, Shop, ask, burn, images, offer, plan, songs};

fn noncommercial(mut ask: Ask) -> Ask {
    ask.studio.purpose = Use::Noncommercial;
    ask
}

/// Two tiers of one maker of songs, 10 credits for two.
fn suno() -> Shop {
    let rule = burn("suno", "music", "10", "job", "outputs_per_job = 2");
    let free = format!("{rule}[plan.rights]\ncommercial = \"no\"\n");
    let pro = format!("{rule}[plan.rights]\ncommercial = \"yes\"\nwhile_subscribed = true\n");
    let pro = plan("pro", "music", "10", "2500", &pro).replacen(
        "modality = [\"music\"]",
        "modality = [\"music\"]\ntax = \"eu-vat-added\"",
        1,
    );
    Shop::new()
        .closed("suno", "music")
        .provider("suno", &(plan("free", "music", "0", "1500", &free) + &pro))
}

#[test]
fn rule_14_rights_go_with_the_tier_and_the_time() {
    // 20 songs are 100 credits: the free tier has them, but not the right to sell.
    let answer = suno().answer(&ask(songs(20)));
    assert_eq!(answer.total(), "10.00");
    assert_eq!(answer.reason("free"), "rights-missing");
    let duties = &answer.choice().license.duties;
    assert!(duties.iter().any(|d| d.contains("while subscribed")));
    let answer = suno().answer(&noncommercial(ask(songs(20))));
    assert_eq!(answer.total(), "0.00");
    assert_eq!(answer.choice().via, "free");
}

#[test]
fn rule_14_revenue_cap() {
    // Midjourney: above 1,000,000 USD a year a company must hold Pro or Mega.
    let rule = burn("mj", "image", "1", "job", "outputs_per_job = 4");
    let basic =
        format!("{rule}[plan.rights]\ncommercial = \"yes\"\nrevenue_cap = \"1000000 USD\"\n");
    let pro = format!("{rule}{MAY_SELL}");
    let tiers =
        plan("basic", "image", "10", "198", &basic) + &plan("pro", "image", "60", "1800", &pro);
    let shop = Shop::new()
        .closed("mj", "image")
        .provider("midjourney", &tiers);
    let with = |revenue: Option<&str>| {
        let mut ask = ask(images(100));
        ask.studio.revenue = revenue.map(|r| r.parse::<Money>().expect("money"));
        shop.answer(&ask)
    };
    assert_eq!(with(Some("1000000 USD")).total(), "10.00");
    let large = with(Some("1000000.01 USD"));
    assert_eq!(large.total(), "60.00");
    assert_eq!(large.reason("basic"), "revenue-cap");
    // Not said: taken with a condition, never silently.
    let unsaid = with(None);
    assert_eq!(unsaid.total(), "10.00");
    assert_eq!(unsaid.choice().license.verdict, "permitted-with-conditions");
    assert_eq!(with(Some("5 USD")).choice().license.verdict, "permitted");
}

#[test]
fn rule_14_no_export_is_no_offer() {
    // Udio's plan: no file leaves the platform, whatever the use.
    let rule = burn("udio", "music", "1", "job", "");
    let more = format!("{rule}[plan.rights]\ncommercial = \"no\"\nexport = false\n");
    let shop = Shop::new()
        .closed("udio", "music")
        .provider("udio", &plan("standard", "music", "10", "1200", &more));
    for ask in [ask(songs(1)), noncommercial(ask(songs(1)))] {
        let answer = shop.answer(&ask);
        assert_eq!(answer.total(), "-");
        assert_eq!(answer.reason("standard"), "no-export");
    }
    // The same for an offer by use.
    let text = offer(
        "u/u",
        "udio",
        "music",
        "second-of-audio",
        &[("0.01 USD", "")],
    );
    let shop = Shop::new()
        .closed("udio", "music")
        .provider("u", &text.replace("#more", "export = false"));
    assert_eq!(shop.answer(&ask(songs(1))).reason("u/u"), "no-export");
}

#[test]
fn rule_14_attribution_and_watermark() {
    // Meshy's free tier gives CC BY 4.0, under a condition; a watermark is named too.
    let rule = burn("m", "image", "1", "job", "");
    let more = format!(
        "{rule}[plan.rights]\ncommercial = \"conditional\"\noutput_license = \"CC-BY-4.0\"\n\
         watermark = true\n"
    );
    let shop = Shop::new()
        .closed("m", "image")
        .provider("meshy", &plan("free", "image", "0", "100", &more));
    let answer = shop.answer(&ask(images(1)));
    let license = &answer.choice().license;
    assert_eq!(license.verdict, "permitted-with-conditions");
    assert!(license.duties.iter().any(|d| d.contains("CC-BY-4.0")));
    assert!(license.duties.iter().any(|d| d.contains("watermark")));
}

const RATES: &str = r#"
    [[exchange]]
    from = "GBP"
    to = "USD"
    rate = "1.33717"
    as_of = "2026-03-24"
    source = "test"
    confidence = "high"
    [[exchange]]
    from = "GBP"
    to = "USD"
    rate = "1.348329"
    as_of = "2026-09-15"
    source = "test"
    confidence = "high"
"#;

#[test]
fn rule_16_original_currency_and_dated_rate() {
    let rule = burn("suno", "music", "10", "job", "outputs_per_job = 2");
    let text = plan("pro", "music", "10", "2500", &format!("{rule}{MAY_SELL}"))
        .replace("10 USD", "8 GBP")
        .replacen(
            "billing = \"monthly\"",
            "billing = \"monthly\"\nfirst_seen = \"2026-01\"",
            1,
        );
    let shop = Shop::new().closed("suno", "music").provider("suno", &text);
    let on = |shop: &Shop, day: &str| {
        shop.answer(&Ask {
            as_of: day.parse().expect("a day"),
            ..ask(songs(1))
        })
    };
    let none = on(&shop, "2026-10-01");
    assert_eq!(none.total(), "-");
    assert_eq!(none.reason("pro"), "no-exchange-rate");
    let shop = shop.file("exchange.toml", RATES);
    // 8 × 1.33717 in spring, 8 × 1.348329 in autumn; 2026-10-01 is 16 days off the rate's day.
    assert_eq!(on(&shop, "2026-04-01").total(), "10.69736");
    let autumn = on(&shop, "2026-10-01");
    assert_eq!(autumn.total(), "10.786632");
    assert!(!autumn.warns("rate of exchange"));
    // 2026-11-20 is 66 days off: the answer says so, and keeps the original price in sight.
    let late = on(&shop, "2026-11-20");
    assert!(late.warns("rate of exchange of 2026-09-15, 66 days off"));
    assert!(
        late.choice()
            .evidence
            .iter()
            .any(|e| e.fact.contains("8 GBP"))
    );
}

#[test]
fn rule_17_retirement() {
    // DALL-E 3: 0.04 an image until its last day, 2026-05-11.
    let text = offer(
        "openai/dall-e-3",
        "dalle",
        "image",
        "image",
        &[("0.04 USD", "first_seen = \"2026-03\"")],
    )
    .replace("#more", "retires = \"2026-05-12\"");
    let shop = Shop::new()
        .closed("dalle", "image")
        .provider("openai", &text);
    let on = |day: &str| {
        shop.answer(&Ask {
            as_of: day.parse().expect("a day"),
            ..ask(images(100))
        })
    };
    let last = on("2026-05-11");
    assert_eq!(last.total(), "4.00");
    assert!(last.warns("stops on 2026-05-12"));
    let after = on("2026-05-12");
    assert_eq!(after.total(), "-");
    assert_eq!(after.reason("openai/dall-e-3"), "retired");
}

#[test]
fn rule_17_a_price_that_ended() {
    // `until` is the first day on which the price no longer holds.
    let dates = "first_seen = \"2026-03\"\nuntil = \"2026-09-24\"";
    let text = offer("o/sora", "sora", "image", "image", &[("0.10 USD", dates)]);
    let shop = Shop::new().closed("sora", "image").provider("o", &text);
    let on = |day: &str| {
        shop.answer(&Ask {
            as_of: day.parse().expect("a day"),
            ..ask(images(1))
        })
    };
    assert_eq!(on("2026-09-23").total(), "0.10");
    let ended = on("2026-09-24");
    assert_eq!(ended.total(), "-");
    assert_eq!(ended.reason("o/sora"), "ended");
}

#[test]
fn rule_17_retirement_of_a_plan() {
    let rule = burn("m", "image", "1", "job", "");
    let text = plan("old", "image", "10", "100", &format!("{rule}{MAY_SELL}")).replacen(
        "modality = [\"image\"]",
        "modality = [\"image\"]\nretires = \"2026-12-11\"",
        1,
    );
    let shop = Shop::new().closed("m", "image").provider("p", &text);
    assert!(
        shop.answer(&ask(images(1)))
            .warns("no longer sold from 2026-12-11")
    );
    let after = shop.answer(&Ask {
        as_of: "2026-12-11".parse().expect("a day"),
        ..ask(images(1))
    });
    assert_eq!(after.reason("old"), "retired");
}
