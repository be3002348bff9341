//! The guide in one table: of each modality who leads on either side, what the best closed model costs, how far the
//! sides lie apart, and whether what the open leader makes may be sold. All of it from the parts before.

use maquette_core::Modality;
use maquette_core::report::gap::GapReport;
use maquette_core::report::guide::{
    GuidePart, GuideSection, SellerPrice, SummaryLine, SummaryReport,
};

use super::{MODALITIES, options};
use crate::context::Context;
use crate::error::AppError;

pub fn summary(
    ctx: &Context,
    sections: &[GuideSection],
    gaps: &GapReport,
) -> Result<SummaryReport, AppError> {
    let mut rows = Vec::new();
    for (id, modality) in MODALITIES {
        let parts = sections
            .iter()
            .filter(|s| s.id == id)
            .flat_map(|s| &s.parts);
        let top = parts.into_iter().find_map(|p| match p {
            GuidePart::Top(r) if r.by == "downloads" => r.rows.first(),
            _ => None,
        });
        let board = gaps
            .boards
            .iter()
            .filter(|b| b.main && b.modality == modality.as_str() && b.reading.gap.is_some())
            .min_by_key(|b| (b.scale != "elo", b.grade.clone()));
        let closed = board.and_then(|b| b.reading.closed.as_ref());
        let price = match closed.and_then(|c| c.model.as_deref()) {
            Some(model) => options::lowest(ctx, modality, model)?,
            None => None,
        };
        rows.push(line(id, modality, top, board, price));
    }
    Ok(SummaryReport {
        schema: "maquette.summary/1".to_owned(),
        as_of: ctx.as_of.to_string(),
        rows,
        notes: vec![
            "most downloaded is not best: the best of either side are those of the board, where one is kept".to_owned(),
            "the price is the lowest in force of the best closed model, in its own unit; not known: nobody kept here sells it by use".to_owned(),
        ],
    })
}

fn line(
    id: &str,
    modality: Modality,
    top: Option<&maquette_core::report::observe::TopRow>,
    board: Option<&maquette_core::report::gap::GapBoard>,
    price: Option<(String, SellerPrice)>,
) -> SummaryLine {
    let name =
        |side: &Option<maquette_core::report::gap::GapSide>| side.as_ref().map(|s| s.name.clone());
    let (per, price) = price.unzip();
    SummaryLine {
        section: id.to_owned(),
        modality: modality.to_string(),
        leader: top.map(|t| t.name.clone()),
        downloads: top.map(|t| t.value.clone()),
        read_on: top.map(|t| t.read_on.clone()),
        leader_id: top.map(|t| t.id.clone()),
        verdict: top.and_then(|t| t.verdict.clone()),
        board: board.map(|b| b.title.clone()),
        board_day: board.map(|b| b.reading.day.clone()),
        best_open: board.and_then(|b| name(&b.reading.open)),
        best_closed: board.and_then(|b| name(&b.reading.closed)),
        gap: board.and_then(|b| b.reading.gap),
        scale: board.map(|b| b.scale.clone()),
        word: board.and_then(maquette_core::report::gap::GapBoard::words),
        gap_id: board.map(|b| b.id.clone()),
        closed_per: per,
        closed_price: price,
    }
}
