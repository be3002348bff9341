//! Which runs have something in common: the groups of a run, widest first.

use serde::{Deserialize, Serialize};

use crate::case::{Case, Table};

/// How near to the run the nearest measurement lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Depth {
    /// No measurement: the formula alone.
    Formula,
    /// The kind of work, the kind of hardware, the engine.
    Class,
    /// Other models on this machine.
    Machine,
    /// This model on other machines.
    Model,
    /// This model on this machine, set otherwise.
    Both,
    /// This model on this machine, set so.
    Exact,
}

impl Depth {
    /// Members that a group of this depth must have: what one model alone shows is that model's.
    pub(super) fn fewest(self) -> usize {
        match self {
            Depth::Formula | Depth::Class => 3,
            Depth::Machine => 2,
            _ => 1,
        }
    }

    /// This depth, then every wider one.
    pub fn and_wider(self) -> impl Iterator<Item = Depth> {
        const ALL: [Depth; 6] = [
            Depth::Exact,
            Depth::Both,
            Depth::Model,
            Depth::Machine,
            Depth::Class,
            Depth::Formula,
        ];
        ALL.into_iter().filter(move |d| *d <= self)
    }
}

/// One group that a run belongs to.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    pub key: String,
    pub depth: Depth,
    /// Who counts as one voice in the group.
    pub member: String,
    /// Voices that a correction must outweigh.
    pub shrink: f64,
    /// The correction may lean on the size.
    pub sloped: bool,
}

/// The groups of a case, from the widest to the narrowest.
pub fn groups(case: &Case) -> Vec<Group> {
    let s = &case.setting;
    let (model, device) = (case.subject.id.as_str(), case.device.key.as_str());
    let machine = if case.device.count > 1 {
        format!("{device}x{}", case.device.count)
    } else {
        device.to_owned()
    };
    let (kind, class, engine, path) = (
        case.kind(),
        case.class(),
        s.engine.as_str(),
        s.format.path.key(),
    );
    // From the M5 on, Apple's GPUs have matrix units.
    let class = if device.starts_with("m5") {
        "Apple M5"
    } else {
        class
    };
    let offload = format!("{:?}", s.offload);
    let many = case.device.count;
    let moe = if case.subject.moe { "experts" } else { "dense" };
    let flags = format!(
        "{}{}{}{}",
        u8::from(s.compiled),
        u8::from(s.speculative),
        u8::from(s.on_cpu),
        u8::from(s.cached)
    );
    let exact = s.exact.as_str();
    // Runs of sound and 3D are too few to be told apart by engine before the model is known.
    let coarse = if matches!(kind, "music" | "speech" | "3d") {
        ""
    } else {
        engine
    };
    let parts: Vec<(Depth, f64, String, &str)> = match case.table {
        // Weights are weights: one engine alone says little of another.
        // What llama.cpp allots is known to the byte: only the same setting corrects it.
        Table::Peak | Table::Loaded if kind == "text" => vec![(
            Depth::Exact,
            0.5,
            format!("m|{model}|{exact}|{machine}"),
            case.id.as_str(),
        )],
        Table::Peak | Table::Loaded => vec![
            (Depth::Class, 2.0, kind.to_owned(), model),
            (
                Depth::Class,
                2.0,
                format!("{kind}|{engine}|{offload}|{many}"),
                model,
            ),
            (
                Depth::Class,
                2.0,
                format!("{kind}|{engine}|{offload}|{path}"),
                model,
            ),
            (Depth::Model, 1.5, format!("m|{model}|{offload}"), engine),
            (
                Depth::Model,
                1.0,
                format!("m|{model}|{engine}|{offload}|{many}"),
                exact,
            ),
            (
                Depth::Both,
                0.5,
                format!("m|{model}|{exact}"),
                case.id.as_str(),
            ),
            (
                Depth::Exact,
                0.3,
                format!("m|{model}|{exact}|{machine}"),
                case.id.as_str(),
            ),
        ],
        Table::Compute => vec![
            (Depth::Class, 2.0, format!("{:?}", s.flash), model),
            (
                Depth::Exact,
                0.5,
                format!("m|{model}|{exact}"),
                case.id.as_str(),
            ),
        ],
        Table::Time => vec![
            (Depth::Class, 2.0, kind.to_owned(), model),
            (Depth::Class, 2.0, format!("{kind}|{class}|{many}"), model),
            (
                Depth::Class,
                2.0,
                format!("{kind}|{class}|{coarse}|{offload}"),
                model,
            ),
            (
                Depth::Class,
                2.0,
                format!("{kind}|{class}|{coarse}|{path}|{flags}"),
                model,
            ),
            (Depth::Machine, 3.0, format!("g|{kind}|{machine}"), model),
            (Depth::Model, 1.5, format!("m|{model}"), machine.as_str()),
            (
                Depth::Model,
                1.0,
                format!("m|{model}|{engine}|{offload}|{path}"),
                machine.as_str(),
            ),
            (
                Depth::Model,
                0.7,
                format!("m|{model}|{exact}"),
                machine.as_str(),
            ),
            (Depth::Model, 0.7, format!("m|{model}|{machine}"), exact),
            (
                Depth::Both,
                0.5,
                format!("m|{model}|{machine}|{engine}|{offload}|{path}|{flags}"),
                exact,
            ),
            (
                Depth::Exact,
                0.3,
                format!("m|{model}|{machine}|{exact}"),
                case.id.as_str(),
            ),
        ],
        Table::Decode | Table::Prefill => vec![
            (Depth::Class, 2.0, moe.to_owned(), model),
            (Depth::Class, 2.0, format!("{class}|{moe}|{many}"), model),
            (
                Depth::Class,
                2.0,
                format!("{class}|{engine}|{flags}"),
                model,
            ),
            (
                Depth::Class,
                2.0,
                format!("{class}|{engine}|{path}|{moe}"),
                model,
            ),
            (Depth::Class, 2.0, format!("{class}|{offload}"), model),
            (Depth::Machine, 1.5, format!("g|{machine}|{engine}"), model),
            (
                Depth::Machine,
                1.5,
                format!("g|{machine}|{engine}|{path}|{moe}"),
                model,
            ),
            (Depth::Model, 1.5, format!("m|{model}"), machine.as_str()),
            (
                Depth::Model,
                1.5,
                format!("m|{model}|{engine}|{path}"),
                machine.as_str(),
            ),
            (
                Depth::Both,
                0.7,
                format!("m|{model}|{machine}|{engine}|{flags}"),
                case.id.as_str(),
            ),
            (
                Depth::Both,
                0.7,
                format!("m|{model}|{machine}|{engine}|{flags}|{path}"),
                case.id.as_str(),
            ),
            (
                Depth::Exact,
                0.5,
                format!("m|{model}|{machine}|{exact}"),
                case.id.as_str(),
            ),
        ],
        Table::Watts => vec![
            (Depth::Class, 1.0, "all".to_owned(), model),
            (Depth::Class, 1.0, format!("{class}|{engine}"), model),
            (Depth::Machine, 1.0, format!("g|{machine}"), model),
            (
                Depth::Exact,
                1.0,
                format!("m|{model}|{machine}"),
                case.id.as_str(),
            ),
        ],
    };
    let table = case.table.as_str();
    parts
        .into_iter()
        .map(|(depth, shrink, key, member)| Group {
            key: format!("{table}|{depth:?}|{key}"),
            depth,
            member: member.to_owned(),
            shrink,
            sloped: depth == Depth::Both && case.table != Table::Decode,
        })
        .collect()
}
