//! Rule 15: net prices, the rate of the asker's place, and who does not bear it.

use maquette_core::{Accounting, Ask, BillingWish};

use super::kit::{Answer, MAY_SELL, Shop, ask, burn, images, machine, offer, plan, songs};

/// Two rates of Germany, one of France; none of Great Britain.
fn places(shop: Shop) -> Shop {
    shop.file(
        "places/DE.toml",
        "id = \"DE\"\nname = \"Germany\"\ncurrency = \"EUR\"\n\
         [[vat]]\nrate = \"0.16\"\nfrom = \"2020-07-01\"\nuntil = \"2021-01-01\" @\n\
         [[vat]]\nrate = \"0.19\"\nfrom = \"2021-01-01\" @\n\
         [[electricity]]\namount = \"0.40 USD\" @\n",
    )
    .file(
        "places/CH.toml",
        "id = \"CH\"\nname = \"Switzerland\"\ncurrency = \"CHF\"\n[[vat]]\nrate = \"0.081\" @\n",
    )
}

/// 10 USD a month for 2,500 credits, a song two of ten; a pack of 500 for 4 USD.
fn suno(tax: &str) -> Shop {
    let rule = burn("suno", "music", "10", "job", "outputs_per_job = 2");
    let topup = "[plan.topup]\nunits = \"500\"\namount = \"4 USD\"\nexpires = \"period-end\"\n";
    let pro = plan(
        "pro",
        "music",
        "10",
        "2500",
        &format!("{rule}{MAY_SELL}{topup}"),
    );
    let pro = pro.replacen(
        "modality = [\"music\"]",
        &format!("modality = [\"music\"]\n{tax}"),
        1,
    );
    places(Shop::new().closed("suno", "music").provider("suno", &pro))
}

fn from(shop: &Shop, country: &str, mut ask: Ask) -> Answer {
    country.clone_into(&mut ask.studio.country);
    shop.answer(&ask)
}

fn range(answer: &Answer) -> (String, String) {
    let total = answer.stack().total.clone().expect("a total");
    (total.low, total.high)
}

#[test]
fn rule_15_a_stated_tax_comes_on_top() {
    let shop = suno("tax = \"eu-vat-added\"");
    // 10 × 1.19; nothing is left open, so there is no range.
    let here = from(&shop, "DE", ask(songs(20)));
    assert_eq!(here.total(), "11.90");
    assert_eq!(range(&here), ("11.90".to_owned(), "11.90".to_owned()));
    assert!(here.choice().formula.contains("× 1.19 (value added tax)"));
    let evidence = &here.choice().evidence;
    assert!(evidence.iter().any(|e| e.id == "place/DE#vat2"));
    assert_eq!(here.0.studio.vat_rate.as_deref(), Some("0.19"));
    // A pack bought beside the allowance bears it too: (10 + 4) × 1.19.
    let more = from(&shop, "DE", ask(songs(600)));
    assert_eq!(more.total(), "16.66");
    assert_eq!(more.up_front(), "16.66");
}

#[test]
fn rule_15_the_rate_of_the_day() {
    let shop = suno("tax = \"excluded\"");
    let mut then = ask(songs(20));
    then.as_of = "2020-12-01".parse().expect("a day");
    then.carry_back_days = 3_000;
    assert_eq!(from(&shop, "DE", then).total(), "11.60");
}

#[test]
fn rule_15_a_registered_business_does_not_bear_it() {
    let mut registered = ask(songs(20));
    registered.studio.vat_registered = true;
    let shop = suno("tax = \"eu-vat-added\"");
    let answer = from(&shop, "DE", registered);
    assert_eq!(answer.total(), "10.00");
    assert_eq!(answer.0.studio.vat_rate, None);
    let says = |words: &str| answer.0.notes.iter().any(|n| n.contains(words));
    assert!(says("a registered business in DE does not bear it"));
}

#[test]
fn rule_15_included_is_not_added_again() {
    let shop = suno("tax = \"included\"");
    assert_eq!(from(&shop, "DE", ask(songs(20))).total(), "10.00");
}

#[test]
fn rule_15_not_stated_is_read_strictly() {
    // Nobody says whether 10 USD hold the tax: counted on top, and the lower bound is without.
    let answer = from(&suno(""), "DE", ask(songs(20)));
    assert_eq!(answer.total(), "11.90");
    assert_eq!(range(&answer), ("10.00".to_owned(), "11.90".to_owned()));
    assert!(answer.warns("is not stated: counted on top"));
    // A word on the EU's tax says nothing of Switzerland's.
    let swiss = from(&suno("tax = \"eu-vat-added\""), "CH", ask(songs(20)));
    assert_eq!(range(&swiss), ("10.00".to_owned(), "10.81".to_owned()));
}

#[test]
fn rule_15_an_unknown_rate_is_named() {
    let shop = suno("tax = \"eu-vat-added\"");
    let french = from(&shop, "FR", ask(songs(20)));
    assert_eq!(french.total(), "10.00");
    assert!(french.warns("the rate in FR is not in the catalog"));
    let note = |a: &Answer, words: &str| a.0.notes.iter().any(|n| n.contains(words));
    assert!(note(&french, "no rate of value added tax for FR"));
    let us = from(&shop, "US-HI", ask(songs(20)));
    assert!(note(&us, "sales tax depends on the state"));
    assert!(!us.warns("tax"));
}

#[test]
fn rule_15_a_rate_of_another_time_is_no_rate() {
    // Germany's first known rate begins on 2020-07-01; before it another held.
    let mut before = ask(songs(20));
    before.as_of = "2020-06-30".parse().expect("a day");
    before.carry_back_days = 10_000;
    let answer = from(&suno("tax = \"eu-vat-added\""), "DE", before);
    assert_eq!(answer.total(), "10.00");
    assert!(answer.warns("the rate in DE is not in the catalog"));
}

#[test]
fn rule_15_tax_can_turn_the_choice() {
    // An offer net at 0.10 against one that includes tax at 0.11: 11.90 against 11.00.
    let statement = |says: &str| format!("[tax]\nsays = \"{says}\" @\n");
    let sold = |id: &str, usd: &str, says: &str| {
        let text = offer(id, "s", "image", "image", &[(usd, "")]);
        format!("{}{text}", statement(says))
    };
    let shop = places(
        Shop::new()
            .closed("s", "image")
            .provider("net", &sold("net/s", "0.10 USD", "excluded"))
            .provider("gross", &sold("gross/s", "0.11 USD", "included")),
    );
    let here = from(&shop, "DE", ask(images(100)));
    assert_eq!(
        (here.total().as_str(), here.choice().via.as_str()),
        ("11.00", "gross/s")
    );
    assert_eq!(here.alone("net/s"), "11.90");
    let us = from(&shop, "US", ask(images(100)));
    assert_eq!(
        (us.total().as_str(), us.choice().via.as_str()),
        ("10.00", "net/s")
    );
    let mut registered = ask(images(100));
    registered.studio.vat_registered = true;
    assert_eq!(from(&shop, "DE", registered).total(), "10.00");
}

#[test]
fn rule_15_a_least_payment_bears_it() {
    let text = offer("fal/s", "s", "image", "image", &[("0.003 USD", "")]);
    let body = format!("[deposit]\nminimum = \"5 USD\" @\n[tax]\nsays = \"excluded\" @\n{text}");
    let shop = places(Shop::new().closed("s", "image").provider("fal", &body));
    let mut cash = ask(images(100));
    cash.accounting = Accounting::Cash;
    assert_eq!(from(&shop, "DE", cash).total(), "5.95");
}

#[test]
fn rule_15_a_year_and_a_first_month() {
    let rule = burn("suno", "music", "10", "job", "outputs_per_job = 2");
    let year = "[[plan.fee]]\namount = \"96 USD\"\nbilling = \"annual\" @\n";
    let text = plan(
        "pro",
        "music",
        "10",
        "2500",
        &format!("{year}{rule}{MAY_SELL}"),
    );
    let body = format!("[tax]\nsays = \"excluded\" @\n{text}");
    let shop = places(Shop::new().closed("suno", "music").provider("suno", &body));
    let mut annual = ask(songs(20));
    annual.billing = BillingWish::Annual;
    let answer = from(&shop, "DE", annual);
    // 96 × 1.19 = 114.24 at once, a twelfth of it a month.
    assert_eq!(
        (answer.total().as_str(), answer.up_front()),
        ("9.52", "114.24")
    );
}

#[test]
fn rule_15_the_own_card_bears_it() {
    let timing = "[[timing]]\ngpu = \"rtx-4090\"\nseconds = \"2\"\nper = \"output\"\n\
        width = 1024\nheight = 1024\ntier = \"A\" @\n";
    let gpu = "id = \"rtx-4090\"\nname = \"RTX 4090\"\nmemory_gb = \"24\"\nwatts = \"450\" @\n\
        [[price]]\nkind = \"new\"\nlow = \"2400 USD\"\nhigh = \"2400 USD\" @\n";
    let shop = places(
        Shop::new()
            .open("schnell", "image", timing)
            .file("hardware/gpus/rtx-4090.toml", gpu),
    );
    let mut own = ask(images(100));
    own.machine = Some(machine("rtx-4090"));
    own.purchase_months = Some(24);
    // 100 a month × 1.19, and 200 s × 450 W = 0.025 kWh at 0.40, whose tax is in the price.
    let answer = from(&shop, "DE", own);
    assert_eq!(answer.total(), "119.01");
    assert_eq!(range(&answer).0, "100.01");
}
