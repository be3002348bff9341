//! A tiny catalog of one picture model, with every form in which work is sold.

use std::fmt::Write as _;

use maquette_catalog::{Catalog, SourceFile, parse};
use maquette_core::{
    Accounting, Ask, BillingWish, Demand, Machine, MachineOrigin, Modality, Studio, Use,
};
use rust_decimal::Decimal;

const MODEL: &str = r#"
id = "brush"
name = "Brush"
modality = "image"
family = "brush"
openness = "open"
weights_bytes_16bit = 14000000000
license = "free"
source = "s"
as_of = "2026-11-01"
confidence = "high"
[[timing]]
gpu = "card"
seconds = "7.3"
per = "output"
width = 1024
height = 1024
tier = "A"
source = "s"
as_of = "2026-11-01"
confidence = "high"
"#;

const LICENSE: &str = r#"
id = "free"
name = "Free"
class = "permissive"
verified = "text"
commercial_weights = "yes"
commercial_outputs = "yes"
sources = ["s"]
as_of = "2026-11-01"
"#;

const GPU: &str = r#"
id = "card"
name = "Card"
memory_gb = "24"
watts = "400"
source = "s"
as_of = "2026-11-01"
confidence = "high"
[[price]]
kind = "new"
low = "1500 USD"
high = "1700 USD"
source = "s"
as_of = "2026-11-01"
confidence = "high"
"#;

const PROVIDER: &str = r#"
id = "shop"
name = "Shop"
kind = ["plans", "host", "gpu-cloud"]
source = "s"
as_of = "2026-11-01"
confidence = "high"
[deposit]
minimum = "3.10 USD"
source = "s"
as_of = "2026-11-01"
confidence = "high"
[[offer]]
id = "shop/brush"
model = "brush"
modality = "image"
[[offer.price]]
amount = "0.037 USD"
per = "image"
as_of = "2026-11-01"
source = "s"
confidence = "high"
"#;

const LOADING: &str = r#"
[[conversion]]
id = "weights-gb-load-second"
from = "GB of weights"
to = "second to load"
low = "0.1"
mid = "0.5"
high = "8"
basis = "made up"
as_of = "2026-11-01"
source = "s"
confidence = "low"
"#;

/// Each plan's own lines: id, allowance, what a job takes, outputs a job, the rest.
const PLANS: [(&str, &str, &str, u32, &str); 9] = [
    ("hard-stop", "50", "1.5", 1, ""),
    ("hard-stop-fours", "50", "1.5", 4, ""),
    ("packs", "40", "3", 1, PACKS),
    ("packs-of-fours", "10", "7", 4, PACKS),
    ("three-packs", "20", "3", 1, THREE_PACKS),
    ("kept-packs", "20", "3", 1, KEPT_PACKS),
    ("metered", "20", "3", 1, METERED),
    ("metered-fours", "20", "7", 4, METERED),
    ("slow", "20", "3", 1, SLOW),
];
const PACKS: &str = "[plan.topup]\namount = \"2.5 USD\"\nunits = \"11\"\nexpires = \"period-end\"";
const THREE_PACKS: &str = "[plan.topup]\namount = \"2.5 USD\"\nunits = \"11\"\nminimum_packs = 3\nexpires = \"period-end\"";
const KEPT_PACKS: &str =
    "[plan.topup]\namount = \"2.5 USD\"\nunits = \"10\"\nminimum_packs = 3\nexpires = \"never\"";
const METERED: &str = "[plan.overage]\nkind = \"metered\"\nper_unit = \"0.04 USD\"";
const SLOW: &str = "[plan.slow_lane]\nmodality = [\"image\"]";

/// Rentals: id, price an hour, step, idle.
const RENTALS: [(&str, &str, u32, &str); 2] = [
    ("by-hour", "0.59", 3600, "0"),
    ("by-hour-idle", "0.49", 3600, "95"),
];

const DATED: &str = "as_of = \"2026-11-01\"\nsource = \"s\"\nconfidence = \"high\"\n";

fn provider() -> String {
    let mut text = PROVIDER.to_owned();
    for (id, price, step, idle) in RENTALS {
        write!(
            text,
            "[[rental]]\nid = \"shop/{id}\"\ngpu = \"card\"\nsold_as = \"Card\"\nvram_gb = \"24\"\n\
             tier = \"on-demand\"\nper = \"gpu-hour\"\namount = \"{price} USD\"\n\
             step_seconds = {step}\nidle_seconds = \"{idle}\"\n{DATED}"
        )
        .unwrap();
    }
    for (id, allowance, takes, outputs, rest) in PLANS {
        write!(
            text,
            "[[plan]]\nid = \"{id}\"\nname = \"{id}\"\nmodality = [\"image\"]\n{DATED}\
             [plan.rights]\ncommercial = \"yes\"\n\
             [plan.allowance]\namount = \"{allowance}\"\nunit = \"credit\"\nevery = \"month\"\n\
             {rest}\n[[plan.fee]]\namount = \"9 USD\"\nbilling = \"monthly\"\n{DATED}\
             [[plan.burn]]\nmodel = \"brush\"\nmodality = \"image\"\namount = \"{takes}\"\n\
             per = \"job\"\noutputs_per_job = {outputs}\n{DATED}"
        )
        .unwrap();
    }
    text
}

pub fn catalog() -> Catalog {
    let file = |path: &str, text: &str| SourceFile {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let parsed = parse(&[
        file("models/brush/brush.toml", MODEL),
        file("licenses/free.toml", LICENSE),
        file("hardware/gpus/card.toml", GPU),
        file("providers/shop.toml", &provider()),
        file("conversions.toml", LOADING),
    ]);
    assert!(parsed.problems.is_empty(), "{:?}", parsed.problems);
    parsed.catalog
}

/// A month of so many pictures.
pub fn ask(pictures: u64, accounting: Accounting) -> Ask {
    Ask {
        as_of: "2026-11-15".parse().unwrap(),
        carry_back_days: 0,
        floors: Vec::new(),
        demands: vec![Demand::usual(Modality::Image, Decimal::from(pictures))],
        studio: Studio {
            country: "US".to_owned(),
            purpose: Use::Commercial,
            revenue: None,
            seats: 1,
            power_price: Some("0.20 USD".parse().unwrap()),
            // So little that the machine's month ends within the volumes tried.
            facts: maquette_core::facts::Facts::unsaid(),
            vat_registered: false,
            hours_per_day: Decimal::new(1, 2),
        },
        machine: Some(Machine {
            gpu: "card".to_owned(),
            count: 1,
            name: "Card".to_owned(),
            origin: MachineOrigin::Given,
        }),
        purchase_months: Some(36),
        rent: true,
        billing: BillingWish::Monthly,
        accounting,
        batch: false,
        priority: false,
        only: Vec::new(),
    }
}
