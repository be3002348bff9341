//! Rules 12, 13 and 18: ways to pay for an API, least payments, and resellers.

use maquette_core::{Ask, Demand};

use super::kit::{MAY_SELL, Shop, ask, burn, cash, dec, images, offer, plan, words};

/// GPT-5: 1.25 read and 10 written, per million; batch at half, priority at twice, flex at half.
fn gpt5() -> Shop {
    gpt5_with("")
}

fn gpt5_with(more: &str) -> Shop {
    let mut text =
        vec!["[[offer]]\nid = \"o/gpt-5\"\nmodel = \"gpt-5\"\nmodality = \"text\"\n".to_owned()];
    for (read, written, modifier) in [
        ("1.25", "10", ""),
        ("0.625", "5", "modifier = \"batch\""),
        ("2.5", "20", "modifier = \"priority\""),
        ("0.625", "5", "modifier = \"flex\""),
        (
            "2.5",
            "15",
            "modifier = \"long-context\"\nabove_tokens = 272000",
        ),
    ] {
        for (amount, per) in [(read, "1m-input-tokens"), (written, "1m-output-tokens")] {
            text.push(format!(
                "[[offer.price]]\namount = \"{amount} USD\"\nper = \"{per}\"\n{modifier} @\n"
            ));
        }
    }
    Shop::new()
        .closed("gpt-5", "text")
        .provider("o", &(text.concat() + more))
}

#[test]
fn rule_12_batch_only_when_asked() {
    // 50,000 words are 75,000 tokens: 0.75 USD; in batch 0.375. No other modifier is taken.
    let standard = gpt5().answer(&ask(words(50_000)));
    assert_eq!(standard.total(), "0.75");
    assert_eq!(standard.choice().variant, "");
    let batch = gpt5().answer(&Ask {
        batch: true,
        ..ask(words(50_000))
    });
    assert_eq!(batch.total(), "0.375");
    assert_eq!(batch.choice().variant, "batch");
    assert_eq!(batch.alone("o/gpt-5"), "0.75");
}

#[test]
fn rule_12_priority_only_when_asked() {
    // 75,000 tokens at 20 USD a million.
    let priority = gpt5().answer(&Ask {
        priority: true,
        ..ask(words(50_000))
    });
    assert_eq!(priority.total(), "1.50");
    assert_eq!(priority.choice().variant, "priority");
}

#[test]
fn rule_12_long_context_above_the_line() {
    // A prompt of more than 272,000 tokens doubles what is read and costs half as much again written.
    let prompt = |tokens: u64| Demand {
        prompt_tokens: Some(tokens),
        input_ratio: dec("2"),
        ..words(50_000)
    };
    // At the line: 150,000 × 1.25 + 75,000 × 10 a million.
    assert_eq!(gpt5().total(prompt(272_000)), "0.9375");
    // Above it: 150,000 × 2.50 + 75,000 × 15 a million.
    assert_eq!(gpt5().total(prompt(272_001)), "1.50");
}

#[test]
fn rule_12_long_prompts_in_batch_and_at_priority() {
    let long = Demand {
        prompt_tokens: Some(300_000),
        ..words(50_000)
    };
    let with = |shop: Shop, batch: bool, priority: bool| {
        shop.answer(&Ask {
            batch,
            priority,
            ..ask(long.clone())
        })
    };
    // The prices of batch and priority are those of short prompts: 75,000 × 15 USD a million stands,
    // and no answer ahead of others' is to be had at all.
    assert_eq!(with(gpt5(), true, false).total(), "1.125");
    let none = with(gpt5(), false, true);
    assert_eq!(none.total(), "-");
    assert_eq!(none.reason("o/gpt-5"), "not-published");
    // Where both together are priced, that price is taken.
    let row = |modifier: &str, usd: &str| {
        format!(
            "[[offer.price]]\namount = \"{usd} USD\"\nper = \"1m-output-tokens\"\n\
             modifier = \"{modifier}-long-context\"\nabove_tokens = 272000 @\n"
        )
    };
    let both = gpt5_with(&(row("batch", "7.5") + &row("priority", "30")));
    assert_eq!(with(both, true, false).total(), "0.5625");
    let both = gpt5_with(&(row("batch", "7.5") + &row("priority", "30")));
    let ahead = with(both, false, true);
    assert_eq!(
        (ahead.total().as_str(), ahead.choice().variant.as_str()),
        ("2.25", "priority")
    );
}

#[test]
fn rule_12_hidden_reasoning_and_reading() {
    // Four hidden tokens for each written: 5 × 75,000 × 10 USD a million.
    let hidden = Demand {
        reasoning_ratio: dec("4"),
        ..words(50_000)
    };
    assert_eq!(gpt5().total(hidden), "3.75");
    // Two words read for each written: 150,000 tokens × 1.25 = 0.1875 beside the 0.75.
    let reading = Demand {
        input_ratio: dec("2"),
        ..words(50_000)
    };
    assert_eq!(gpt5().total(reading), "0.9375");
}

#[test]
fn rule_12_cached_input() {
    // 1,000,000 words are 1,500,000 tokens: written 15 USD; as many read 1.875, or with half of them
    // from a cache at a tenth: 750,000 × 1.25 + 750,000 × 0.125 = 0.9375 + 0.09375.
    let reading = |share: &str| Demand {
        input_ratio: dec("1"),
        cached_share: dec(share),
        ..words(1_000_000)
    };
    let rows = |cached: &str| {
        let text = offer("o/m", "m", "text", "1m-output-tokens", &[("10 USD", "")]);
        let read = "[[offer.price]]\namount = \"1.25 USD\"\nper = \"1m-input-tokens\" @\n";
        let text = format!("{text}{read}{cached}");
        Shop::new().closed("m", "text").provider("o", &text)
    };
    let cached = "[[offer.price]]\namount = \"0.125 USD\"\nper = \"1m-cached-input-tokens\" @\n";
    assert_eq!(rows(cached).total(reading("0")), "16.875");
    assert_eq!(rows(cached).total(reading("0.5")), "16.03125");
    // No price of a cache, no saving.
    assert_eq!(rows("").total(reading("0.5")), "16.875");
}

#[test]
fn rule_12_hidden_reasoning_and_reading_on_a_plan() {
    // A plan of 1,000,000 tokens, one a token: 500,000 words written are 750,000.
    let rule = burn("m", "text", "1000000", "million-tokens", "");
    let shop = Shop::new().closed("m", "text").provider(
        "p",
        &plan(
            "plan",
            "text",
            "20",
            "1000000",
            &format!("{rule}{MAY_SELL}"),
        ),
    );
    assert_eq!(shop.total(words(500_000)), "20.00");
    // With a third as much hidden the million is full; half as much, or as many read, is too much.
    let with = |reasoning: &str, read: &str| {
        shop.total(Demand {
            reasoning_ratio: dec(reasoning),
            input_ratio: dec(read),
            ..words(500_000)
        })
    };
    assert_eq!(with("0.33", "0"), "20.00");
    assert_eq!(with("0.5", "0"), "-");
    assert_eq!(with("0", "0.5"), "-");
}

#[test]
fn rule_13_least_payment() {
    // fal: 5 USD before the first request. 100 images at 0.003 use 0.30 of it.
    let text = offer("fal/s", "s", "image", "image", &[("0.003 USD", "")]);
    let shop = Shop::new()
        .closed("s", "image")
        .provider("fal", &format!("[deposit]\nminimum = \"5 USD\" @\n{text}"));
    let used = shop.answer(&ask(images(100)));
    assert_eq!((used.total().as_str(), used.up_front()), ("0.30", "5.00"));
    assert_eq!(shop.answer(&cash(images(100))).total(), "5.00");
    // 2,000 images use 6 USD: nothing is left over, and 5 of it are due before the first.
    let more = shop.answer(&cash(images(2000)));
    assert_eq!((more.total().as_str(), more.up_front()), ("6.00", "5.00"));
}

#[test]
fn rule_13_a_least_payment_can_turn_the_choice() {
    // Cash: 0.30 of work behind 5 USD loses to 0.04 an image paid as it goes (4.00).
    let cheap = offer("fal/s", "s", "image", "image", &[("0.003 USD", "")]);
    let dear = offer("b/s", "s", "image", "image", &[("0.04 USD", "")]);
    let shop = Shop::new()
        .closed("s", "image")
        .provider("fal", &format!("[deposit]\nminimum = \"5 USD\" @\n{cheap}"))
        .provider("b", &dear);
    let paid = shop.answer(&cash(images(100)));
    assert_eq!(
        (paid.total().as_str(), paid.choice().provider.as_str()),
        ("4.00", "b")
    );
    let used = shop.answer(&ask(images(100)));
    assert_eq!(
        (used.total().as_str(), used.choice().provider.as_str()),
        ("0.30", "fal")
    );
}

#[test]
fn rule_18_list_price_and_reseller() {
    // Ideogram 4.0: list 0.06; through Comfy 1.43 times that, 0.0858.
    let list = offer("ideogram/4", "i4", "image", "image", &[("0.06 USD", "")]);
    let resold = offer("comfy/i4", "i4", "image", "image", &[("0.0858 USD", "")])
        .replace("#more", "via = \"comfy\"\nmarkup = \"about 1.43x\"");
    let shop = Shop::new()
        .closed("i4", "image")
        .provider("ideogram", &list)
        .provider("comfy", &resold);
    let answer = shop.answer(&ask(images(10)));
    assert_eq!(
        (answer.total().as_str(), answer.choice().via.as_str()),
        ("0.60", "ideogram/4")
    );
    assert_eq!(answer.alone("comfy/i4"), "0.858");
    assert!(!answer.warns("reseller"));
    // Held to the reseller, the answer names the markup.
    let resold = shop.answer(&Ask {
        only: vec!["image=comfy".parse().expect("a limit")],
        ..ask(images(10))
    });
    assert_eq!(resold.total(), "0.858");
    assert!(resold.warns("a reseller's price: about 1.43x"));
}
