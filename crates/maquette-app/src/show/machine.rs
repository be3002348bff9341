//! A GPU, and a place with its tax and electricity.

use maquette_catalog::schema::hardware::{Gpu, GpuPriceKind};
use maquette_catalog::schema::place::Place;
use maquette_core::report::listing::{Fact, Section};
use rust_decimal::Decimal;

use super::{bare, row, sourced};

pub(super) fn gpu(g: &Gpu) -> Vec<Section> {
    let known = |d: Option<Decimal>, unit: &str| {
        d.map_or_else(
            || "not known".to_owned(),
            |x| format!("{} {unit}", x.normalize()),
        )
    };
    let mut facts = vec![
        sourced(
            "memory",
            format!("{} GB", g.memory_gb.normalize()),
            &g.source,
            g.as_of,
        ),
        bare("bandwidth", known(g.bandwidth_gb_s, "GB/s")),
        bare("board power", known(g.watts, "W")),
    ];
    for (i, p) in g.price.iter().enumerate() {
        let kind = match p.kind {
            GpuPriceKind::Launch => "launch price",
            GpuPriceKind::New => "new",
            GpuPriceKind::Used => "used",
        };
        let value = if p.low == p.high {
            p.low.to_string()
        } else {
            format!("{} to {}", p.low, p.high)
        };
        facts.push(Fact {
            id: Some(format!("gpu/{}#price{}", g.id, i + 1)),
            confidence: Some(p.confidence.as_str().to_owned()),
            ..sourced(kind, value, &p.source, p.as_of)
        });
    }
    vec![Section {
        title: "GPU".to_owned(),
        facts,
    }]
}

pub(super) fn place(p: &Place) -> Section {
    let vat = p.vat.iter().enumerate().map(|(i, v)| {
        let percent = (v.rate * Decimal::ONE_HUNDRED).normalize();
        row(
            format!("place/{}#vat{}", p.id, i + 1),
            v.confidence,
            sourced(
                "value added tax",
                format!("{percent} %"),
                &v.source,
                v.as_of,
            ),
        )
    });
    let power = p.electricity.iter().enumerate().map(|(i, e)| {
        row(
            format!("place/{}#electricity{}", p.id, i + 1),
            e.confidence,
            sourced(
                "electricity",
                format!("{} per kWh", e.amount),
                &e.source,
                e.as_of,
            ),
        )
    });
    Section {
        title: "Place".to_owned(),
        facts: vat.chain(power).collect(),
    }
}
