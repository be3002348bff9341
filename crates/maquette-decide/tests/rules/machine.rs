//! Rules 13, 19 and 20: power, and rented GPUs with what is paid beside their hours.

use maquette_core::Ask;

use super::kit::{Answer, Shop, ask, cash, clips, dec, images, machine, words};

const GPU: &str = "id = \"rtx-4090\"\nname = \"RTX 4090\"\nmemory_gb = \"24\"\nwatts = \"450\" @\n";

#[test]
fn rule_19_power_without_the_standing_charge() {
    // 10 clips × 300 s × 450 W = 0.375 kWh at 0.2611 GBP = 0.0979125 GBP, × 1.348329. The 57.19 p a
    // day of standing charge are paid whether or not a clip is made.
    let timing = "[[timing]]\ngpu = \"rtx-4090\"\nseconds = \"300\"\nper = \"output\"\n\
        width = 1280\nheight = 720\nduration_s = \"5\"\ntier = \"A\" @\n";
    let place = "id = \"GB\"\nname = \"Great Britain\"\ncurrency = \"GBP\"\n\
        [[electricity]]\namount = \"0.2611 GBP\"\nstanding_per_day = \"0.5719 GBP\" @\n";
    let rate = "[[exchange]]\nfrom = \"GBP\"\nto = \"USD\"\nrate = \"1.348329\" @\n";
    let shop = Shop::new()
        .open("wan", "video", timing)
        .file("hardware/gpus/rtx-4090.toml", GPU)
        .file("places/GB.toml", place)
        .file("exchange.toml", rate);
    let mut ask = ask(clips(10, 5));
    ask.machine = Some(machine("rtx-4090"));
    ask.studio.country = "GB".to_owned();
    assert_eq!(shop.answer(&ask).total(), "0.1320182632");
    // A contract's own rate for one more kWh: 0.375 × 0.20.
    ask.studio.power_price = Some("0.20 USD".parse().expect("money"));
    assert_eq!(shop.answer(&ask).total(), "0.075");
}

/// Pictures of 2 s each on a rented card; the weights are 10 GB, so 3.4 s to load.
fn rented(rentals: &[(&str, &str)], ask: &Ask) -> Answer {
    let timing = "weights_bytes_16bit = 10000000000\n\
        [[timing]]\ngpu = \"rtx-4090\"\nseconds = \"2\"\nper = \"output\"\n\
        width = 1024\nheight = 1024\ntier = \"A\" @\n";
    let mut text = Vec::new();
    for (id, terms) in rentals {
        text.push(format!(
            "[[rental]]\nid = \"runpod/{id}\"\ngpu = \"rtx-4090\"\nsold_as = \"RTX 4090\"\n\
             vram_gb = \"24\"\ntier = \"{id}\"\n{terms} @\n"
        ));
    }
    Shop::new()
        .open("schnell", "image", timing)
        .file("hardware/gpus/rtx-4090.toml", GPU)
        .provider("runpod", &text.concat())
        .answer(&Ask {
            rent: true,
            ..ask.clone()
        })
}

#[test]
fn rule_20_serverless_seconds() {
    // 100 × 2 s + 5 s idle + 3.4 s load = 208.4 s: 209 whole seconds × 0.00019.
    let terms = "per = \"gpu-second\"\namount = \"0.00019 USD\"\nstep_seconds = 1\n\
        idle_seconds = \"5\"";
    let answer = rented(&[("serverless", terms)], &ask(images(100)));
    assert_eq!(answer.total(), "0.03971");
    assert!(answer.warns("no price is published for disk, a volume kept between runs, traffic"));
    // One picture: 2 + 5 + 3.4 = 10.4, so 11 s; the cold start is most of it.
    let one = rented(&[("serverless", terms)], &ask(images(1)));
    assert_eq!(one.total(), "0.00209");
}

#[test]
fn rule_20_rounding_of_a_rent() {
    // 203.4 s: by the minute 4 minutes = 240 s, by the hour 3,600, and unknown is read as an hour.
    let price = "per = \"gpu-hour\"\namount = \"0.36 USD\"";
    let by = |step: &str| {
        let terms = format!("{price}\n{step}");
        rented(&[("on-demand", terms.as_str())], &ask(images(100)))
    };
    // 0.36 an hour is 0.0001 a second.
    assert_eq!(by("step_seconds = 1").total(), "0.0204");
    assert_eq!(by("step_seconds = 60").total(), "0.024");
    assert_eq!(by("step_seconds = 3600").total(), "0.36");
    let unknown = by("");
    assert_eq!(unknown.total(), "0.36");
    assert!(unknown.warns("whole hours are assumed"));
}

#[test]
fn rule_20_tiers_of_one_card() {
    // By the hour at 0.34, or by the second at 0.00031: an hour of work costs 0.34 or 1.12, a short
    // job 0.34 or 209 × 0.00031 = 0.06479.
    let hour = (
        "community",
        "per = \"gpu-hour\"\namount = \"0.34 USD\"\nstep_seconds = 3600",
    );
    let second = (
        "serverless",
        "per = \"gpu-second\"\namount = \"0.00031 USD\"\nstep_seconds = 1\nidle_seconds = \"5\"",
    );
    let few = rented(&[hour, second], &ask(images(100)));
    assert_eq!(few.total(), "0.06479");
    assert_eq!(few.choice().variant, "serverless");
    // 1,700 × 2 s + 3.4 s = 3,403.4 s: one hour.
    let many = rented(&[hour, second], &ask(images(1700)));
    assert_eq!(many.total(), "0.34");
    assert_eq!(many.choice().variant, "community");
}

#[test]
fn rule_20_a_dearer_rental_asked_for_by_name() {
    let price =
        |usd: &str| format!("per = \"gpu-hour\"\namount = \"{usd} USD\"\nstep_seconds = 3600");
    let (cheap, dear) = (price("0.34"), price("0.69"));
    let both = [("community", cheap.as_str()), ("secure", dear.as_str())];
    assert_eq!(rented(&both, &ask(images(100))).total(), "0.34");
    let named = Ask {
        only: vec!["image=runpod/secure".parse().expect("a limit")],
        ..ask(images(100))
    };
    assert_eq!(rented(&both, &named).total(), "0.69");
}

/// The same rented card, beside whose hours more is paid.
fn with_extras(extras: &str, terms: &str, ask: &Ask) -> Answer {
    let timing = "weights_bytes_16bit = 10000000000\n\
        [[timing]]\ngpu = \"rtx-4090\"\nseconds = \"2\"\nper = \"output\"\n\
        width = 1024\nheight = 1024\ntier = \"A\" @\n";
    let bytes = "[[conversion]]\nid = \"pixel-byte\"\nfrom = \"pixel\"\nto = \"byte\"\n\
        low = \"1\"\nmid = \"2\"\nhigh = \"3\"\nbasis = \"test\" @\n\
        [[conversion]]\nid = \"weights-gb-load-second\"\nfrom = \"GB\"\nto = \"second\"\n\
        low = \"0.34\"\nmid = \"0.34\"\nhigh = \"0.34\"\nbasis = \"test\" @\n";
    let text = format!(
        "{extras}[[rental]]\nid = \"gcp/l4\"\ngpu = \"rtx-4090\"\nsold_as = \"RTX 4090\"\n\
         vram_gb = \"24\"\ntier = \"on-demand\"\nper = \"gpu-hour\"\namount = \"0.36 USD\"\n\
         step_seconds = 1\n{terms} @\n"
    );
    Shop::empty()
        .file("conversions.toml", bytes)
        .open("schnell", "image", timing)
        .file("hardware/gpus/rtx-4090.toml", GPU)
        .provider("gcp", &text)
        .answer(&Ask {
            rent: true,
            ..ask.clone()
        })
}

#[test]
fn rule_20_disk_volume_and_traffic() {
    // 203.4 s: 204 whole seconds at 0.0001. Traffic: 100 × 1,048,576 pixels × 2 bytes at 0.10 a GB
    // is 0.02097152. Disk: 10 GB × 203.4 s at 2.628 a GB and month of 2,628,000 s is 0.002034.
    let extras = "[[rental_extra]]\nwhat = \"disk\"\namount = \"2.628 USD\"\nper = \"gb-month\" @\n\
        [[rental_extra]]\nwhat = \"volume\"\namount = \"0.05 USD\"\nper = \"gb-month\" @\n\
        [[rental_extra]]\nwhat = \"egress\"\namount = \"0.10 USD\"\nper = \"gb\" @\n";
    let answer = with_extras(extras, "", &ask(images(100)));
    assert_eq!(answer.total(), "0.04340552");
    assert!(!answer.warns("not counted"));
    // Kept all month the weights cost 10 × 0.05; three bytes a pixel are half as much again.
    let total = answer.stack().total.clone().expect("a total");
    assert_eq!(total.high, "0.55385728");
    let ids = [
        "provider/gcp#extra1",
        "provider/gcp#extra3",
        "conversion/pixel-byte",
    ];
    for id in ids {
        assert!(answer.choice().evidence.iter().any(|e| e.id == id), "{id}");
    }
    // Free is known, not left out.
    let free = extras.replace("0.10 USD", "0 USD");
    assert_eq!(
        with_extras(&free, "", &ask(images(100))).total(),
        "0.022434"
    );
}

#[test]
fn rule_13_an_hour_of_credit_before_a_pod_starts() {
    // RunPod: the balance must cover an hour. Cash counts it, use does not.
    let terms = "credit_hours = \"1\"";
    let paid = with_extras("", terms, &cash(images(100)));
    assert_eq!(paid.total(), "0.36");
    assert_eq!(paid.up_front(), "0.36");
    let used = with_extras("", terms, &ask(images(100)));
    assert_eq!((used.total().as_str(), used.up_front()), ("0.0204", "0.36"));
    // 2,000 pictures take 4,003.4 s, more than the hour: nothing is left over.
    assert_eq!(
        with_extras("", terms, &cash(images(2000))).total(),
        "0.4004"
    );
}

#[test]
fn rule_13_rent_counts_towards_a_least_payment() {
    let deposit = "[deposit]\nminimum = \"5 USD\" @\n";
    let paid = with_extras(deposit, "", &cash(images(100)));
    assert_eq!((paid.total().as_str(), paid.up_front()), ("5.00", "5.00"));
    let used = with_extras(deposit, "", &ask(images(100)));
    assert_eq!((used.total().as_str(), used.up_front()), ("0.0204", "5.00"));
}

#[test]
fn rule_20_a_doubtful_time_is_said_beside_the_answer() {
    let timing = |confidence: &str| {
        format!(
            "[[timing]]\ngpu = \"rtx-4090\"\nseconds = \"2\"\nper = \"output\"\nwidth = 1024\n\
             height = 1024\ntier = \"A\"\nas_of = \"2026-11-12\"\nsource = \"a forum\"\n\
             confidence = \"{confidence}\"\n"
        )
    };
    let answer = |confidence: &str| {
        let mut ask = ask(images(10));
        ask.machine = Some(machine("rtx-4090"));
        ask.studio.power_price = Some("0.20 USD".parse().expect("money"));
        Shop::new()
            .open("schnell", "image", &timing(confidence))
            .file("hardware/gpus/rtx-4090.toml", GPU)
            .answer(&ask)
    };
    assert!(answer("low").warns("time: low confidence: a forum"));
    assert!(!answer("high").warns("time:"));
}

#[test]
fn two_cards_have_twice_the_hours() {
    let timing = "[[timing]]\ngpu = \"rtx-4090\"\nseconds = \"2\"\nper = \"output\"\nwidth = 1024\n\
        height = 1024\ntier = \"A\" @\n";
    let gpu =
        format!("{GPU}[[price]]\nkind = \"new\"\nlow = \"2400 USD\"\nhigh = \"2400 USD\" @\n");
    let shop = Shop::new()
        .open("schnell", "image", timing)
        .file("hardware/gpus/rtx-4090.toml", &gpu);
    let with = |count: u32, purchase: Option<u32>| {
        let mut ask = ask(images(1000));
        let mut card = machine("rtx-4090");
        card.count = count;
        ask.machine = Some(card);
        ask.purchase_months = purchase;
        ask.studio.power_price = Some("0.20 USD".parse().expect("money"));
        // 2,000 s of work; a card has 0.01 × 3,600 × 30 = 1,080 s a month.
        ask.studio.hours_per_day = "0.01".parse().expect("hours");
        shop.answer(&ask).total()
    };
    assert_eq!(with(1, None), "-");
    // 2,000 s × 450 W = 0.25 kWh, however many share it.
    assert_eq!(with(2, None), "0.05");
    // Two cards at 100 a month each.
    assert_eq!(with(2, Some(24)), "200.05");
}

#[test]
fn words_read_have_no_published_time() {
    // 2,000 words are 3,000 tokens of 0.01 s: 30 s at 450 W, at 0.40 USD a kWh.
    let timing =
        "[[timing]]\ngpu = \"rtx-4090\"\nseconds = \"0.01\"\nper = \"token\"\ntier = \"A\" @\n";
    let place = "id = \"DE\"\nname = \"Germany\"\ncurrency = \"EUR\"\n\
        [[electricity]]\namount = \"0.40 USD\" @\n";
    let shop = Shop::new()
        .open("llm", "text", timing)
        .file("hardware/gpus/rtx-4090.toml", GPU)
        .file("places/DE.toml", place);
    let mut ask = ask(words(2000));
    ask.machine = Some(machine("rtx-4090"));
    ask.studio.country = "DE".to_owned();
    assert_eq!(shop.answer(&ask).total(), "0.0015");
    // How long it takes to read as many again nobody published.
    ask.demands[0].input_ratio = dec("1");
    let reading = shop.answer(&ask);
    assert_eq!(reading.total(), "-");
    assert_eq!(reading.reason("llm on rtx-4090"), "not-measured");
}
