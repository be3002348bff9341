//! Rules 19 and 20: power, and rented GPUs.

use maquette_core::Ask;

use super::kit::{Answer, Shop, ask, clips, images, machine};

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
    assert!(answer.warns("storage and traffic are not"));
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
