//! Published runs nearest to a question, shown beside its answer.

use maquette_core::Evidence;
use maquette_core::report::fit::FitRun;
use maquette_fit::case::Case;
use maquette_fit::estimate::Fits;
use maquette_fit::machine as gpus;
use maquette_fit::setting::Setting;

use super::form::Question;
use super::why;
use crate::context::Context;
use crate::error::AppError;

/// Most published runs that an answer shows beside itself.
const NEAREST: usize = 5;

/// Published runs of this model, the ones on this machine and of this size first.
pub(super) fn nearest(
    ctx: &Context,
    fits: &Fits,
    q: &Question,
    s: &Setting,
) -> Result<(Vec<FitRun>, Vec<Evidence>), AppError> {
    let runs = maquette_know::runs()?;
    let mut known: std::collections::BTreeMap<&str, bool> = std::collections::BTreeMap::new();
    let mut found = Vec::new();
    for run in &runs {
        let is = *known.entry(&run.model).or_insert_with(|| {
            fits.names
                .find(&run.model, (None, None))
                .is_some_and(|s| s.id == q.subject.id)
        });
        if !is || run.as_of.is_some_and(|d| d.first() > ctx.as_of) {
            continue;
        }
        let (count, name) = gpus::split(&run.gpu);
        let device = gpus::device(&ctx.knowledge.catalog.gpus, name, count);
        let Some(case) = Case::of(run, &q.subject, &device) else {
            continue;
        };
        let Some(asked) = Case::asked(case.table, &q.subject, s, &q.device) else {
            continue;
        };
        let other = if device.key == q.device.key { 0.0 } else { 2.0 };
        let format = if case.setting.format.path == s.format.path {
            0.0
        } else {
            1.0
        };
        found.push((
            other + format + (case.formula / asked.formula).ln().abs(),
            run,
        ));
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.id.cmp(&b.1.id)));
    found.truncate(NEAREST);
    let lines = found.iter().map(|(_, r)| why::line(r)).collect();
    let evidence = found.iter().map(|(_, r)| why::evidence(r)).collect();
    Ok((lines, evidence))
}
