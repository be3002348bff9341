//! A catalog in a few lines, a question, and what the answer says.

use maquette_catalog::{Catalog, SourceFile, parse};
use maquette_core::report::choose::{Choice, RuledOut, Stack, StackReport};
use maquette_core::{Accounting, Ask, BillingWish, Demand, Machine, MachineOrigin, Modality};
use maquette_core::{Studio, Use};
use maquette_decide::stacks::choose;
use maquette_fit::estimate::Fits;
use rust_decimal::Decimal;

/// What every dated table ends with; texts write `@` for it.
const TAIL: &str = "\nas_of = \"2026-11-12\"\nsource = \"test\"\nconfidence = \"high\"\n";

/// A word is 1.5 token, a minute of speech 150 words of 5.95 characters (892.5 characters).
const CONVERSIONS: &str = r#"
    [[conversion]]
    id = "word-token"
    from = "word"
    to = "token"
    low = "1.5"
    mid = "1.5"
    high = "1.5"
    basis = "test" @
    [[conversion]]
    id = "word-character"
    from = "word"
    to = "character"
    low = "5.95"
    mid = "5.95"
    high = "5.95"
    basis = "test" @
    [[conversion]]
    id = "speech-minute-word"
    from = "minute of speech"
    to = "word"
    low = "150"
    mid = "150"
    high = "150"
    basis = "test" @
    [[conversion]]
    id = "weights-gb-load-second"
    from = "GB of weights"
    to = "second to load"
    low = "0.34"
    mid = "0.34"
    high = "0.34"
    basis = "test" @
"#;

pub fn dec(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}

/// A small catalog under construction.
pub struct Shop(Vec<SourceFile>);

impl Shop {
    pub fn new() -> Shop {
        Shop::empty().file("conversions.toml", CONVERSIONS)
    }

    /// Without conversions.
    pub fn empty() -> Shop {
        Shop(Vec::new())
    }

    pub fn file(mut self, path: &str, text: &str) -> Shop {
        self.0.push(SourceFile {
            path: path.to_owned(),
            text: text.replace('@', TAIL),
        });
        self
    }

    /// A closed model of the modality.
    pub fn closed(self, id: &str, modality: &str) -> Shop {
        self.model(id, modality, "closed", "")
    }

    /// An open model under a license that lets it be used for money.
    pub fn open(self, id: &str, modality: &str, more: &str) -> Shop {
        let license = "id = \"free\"\nname = \"Free\"\nclass = \"permissive\"\nverified = \"text\"\n\
            commercial_weights = \"yes\"\ncommercial_outputs = \"yes\"\nsources = [\"test\"]\n\
            as_of = \"2026\"\n";
        let more = format!("license = \"free\"\n{more}");
        self.model(id, modality, "open", &more)
            .file("licenses/free.toml", license)
    }

    fn model(self, id: &str, modality: &str, openness: &str, more: &str) -> Shop {
        let head = format!(
            "id = \"{id}\"\nname = \"{id}\"\nmodality = \"{modality}\"\nfamily = \"t\"\n\
             openness = \"{openness}\"{TAIL}{more}"
        );
        self.file(&format!("models/t/{id}.toml"), &head)
    }

    /// A provider; `body` holds its tables, after any keys of its own.
    pub fn provider(self, id: &str, body: &str) -> Shop {
        let head = format!("id = \"{id}\"\nname = \"{id}\"\nkind = [\"api\"]{TAIL}\n{body}");
        self.file(&format!("providers/{id}.toml"), &head)
    }

    pub fn catalog(&self) -> Catalog {
        let parsed = parse(&self.0);
        assert!(parsed.problems.is_empty(), "{:#?}", parsed.problems);
        parsed.catalog
    }

    pub fn answer(&self, ask: &Ask) -> Answer {
        Answer(choose(&self.catalog(), &Fits::default(), ask))
    }

    /// The cheapest total of a commercial studio in the US; `-` where nothing makes it all.
    pub fn total(&self, demand: Demand) -> String {
        self.answer(&ask(demand)).total()
    }
}

/// A plan with a monthly fee in USD and a monthly allowance; `more` holds further keys and tables.
pub fn plan(id: &str, modality: &str, fee: &str, credits: &str, more: &str) -> String {
    format!(
        "[[plan]]\nid = \"{id}\"\nname = \"{id}\"\nmodality = [\"{modality}\"] @
         [[plan.fee]]\namount = \"{fee} USD\"\nbilling = \"monthly\" @
         [plan.allowance]\namount = \"{credits}\"\nunit = \"credit\"\nevery = \"month\"\n{more}\n"
    )
}

pub const MAY_SELL: &str = "[plan.rights]\ncommercial = \"yes\"\n";

/// So many units for a job of so many outputs.
pub fn burn(model: &str, modality: &str, amount: &str, per: &str, more: &str) -> String {
    format!(
        "[[plan.burn]]\nmodel = \"{model}\"\nmodality = \"{modality}\"\namount = \"{amount}\"\n\
         per = \"{per}\"\n{more} @\n"
    )
}

/// An offer with one price row for each `amount`, `when`.
pub fn offer(id: &str, model: &str, modality: &str, per: &str, rows: &[(&str, &str)]) -> String {
    let mut text = vec![format!(
        "[[offer]]\nid = \"{id}\"\nmodel = \"{model}\"\nmodality = \"{modality}\"\n#more\n"
    )];
    for (amount, when) in rows {
        text.push(format!(
            "[[offer.price]]\namount = \"{amount}\"\nper = \"{per}\"\n{when} @\n"
        ));
    }
    text.concat()
}

pub fn images(n: u32) -> Demand {
    Demand::usual(Modality::Image, n.into())
}

pub fn sized(n: u32, width: u32, height: u32) -> Demand {
    Demand {
        width: Some(width),
        height: Some(height),
        ..images(n)
    }
}

/// Clips of so many seconds at 720p.
pub fn clips(n: u32, seconds: u32) -> Demand {
    Demand {
        seconds: Some(seconds.into()),
        ..Demand::usual(Modality::Video, n.into())
    }
}

pub fn songs(n: u32) -> Demand {
    Demand::usual(Modality::Music, n.into())
}

pub fn words(n: u32) -> Demand {
    Demand::usual(Modality::Text, n.into())
}

pub fn speech(minutes: u32) -> Demand {
    Demand::usual(Modality::Speech, minutes.into())
}

/// A commercial studio of one seat in the US on 2026-11-20, paying by the month, no GPU.
pub fn ask(demand: Demand) -> Ask {
    Ask {
        as_of: "2026-11-20".parse().expect("a day"),
        carry_back_days: 0,
        floors: Vec::new(),
        demands: vec![demand],
        studio: Studio {
            country: "US".to_owned(),
            purpose: Use::Commercial,
            revenue: None,
            seats: 1,
            power_price: None,
            facts: maquette_core::facts::Facts::unsaid(),
            vat_registered: false,
            hours_per_day: 8.into(),
        },
        machine: None,
        purchase_months: None,
        rent: false,
        billing: BillingWish::Monthly,
        accounting: Accounting::Use,
        batch: false,
        priority: false,
        only: Vec::new(),
    }
}

pub fn cash(demand: Demand) -> Ask {
    Ask {
        accounting: Accounting::Cash,
        ..ask(demand)
    }
}

pub fn machine(gpu: &str) -> Machine {
    Machine {
        gpu: gpu.to_owned(),
        count: 1,
        name: gpu.to_owned(),
        origin: MachineOrigin::Given,
    }
}

pub struct Answer(pub StackReport);

impl Answer {
    pub fn stack(&self) -> &Stack {
        &self.0.stacks[0]
    }

    pub fn total(&self) -> String {
        let stack = self.stack();
        assert_eq!(stack.id, "cheapest");
        match &stack.total {
            Some(t) if stack.unpriced.is_empty() => t.amount.clone(),
            _ => "-".to_owned(),
        }
    }

    pub fn up_front(&self) -> &str {
        &self.stack().cash_up_front.amount
    }

    /// The only choice of the cheapest stack.
    pub fn choice(&self) -> &Choice {
        let choices = &self.stack().choices;
        assert_eq!(choices.len(), 1, "{choices:#?}");
        &choices[0]
    }

    pub fn warns(&self, words: &str) -> bool {
        self.choice().warnings.iter().any(|w| w.contains(words))
    }

    fn out(&self, candidate: &str) -> &RuledOut {
        let mut rows = self.0.ruled_out.iter();
        rows.find(|r| r.candidate == candidate)
            .unwrap_or_else(|| panic!("{candidate} is not ruled out: {:#?}", self.0.ruled_out))
    }

    /// Why a candidate is not in the cheapest stack.
    pub fn reason(&self, candidate: &str) -> &str {
        &self.out(candidate).reason
    }

    /// What a dearer candidate would cost alone.
    pub fn alone(&self, candidate: &str) -> &str {
        let cost = &self.out(candidate).cost;
        &cost.as_ref().expect("a cost").amount
    }
}
