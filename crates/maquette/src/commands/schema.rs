//! `maquette schema`: the JSON Schema of a report.

use maquette_app::AppError;
use maquette_core::names;
use maquette_core::report::{
    break_even, choose, claims, digest, doctor, fit, gap, guide, license, listing, observe,
    predictions, trends,
};
use schemars::schema_for;

use crate::args::SchemaArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

const REPORTS: [&str; 34] = [
    "choose",
    "break-even",
    "models",
    "prices",
    "plans",
    "months",
    "license",
    "licenses",
    "license-record",
    "doctor",
    "fit",
    "fit-need",
    "fit-batch",
    "accuracy",
    "show",
    "why",
    "catalog-check",
    "observe",
    "sources",
    "series",
    "top",
    "watch",
    "store",
    "price-conflicts",
    "new-offers",
    "gap",
    "gains",
    "trends",
    "predictions",
    "prediction-written",
    "claims",
    "digest",
    "guide",
    "guide-diff",
];

pub fn run(args: &SchemaArgs) -> Result<Exit, Failure> {
    let schema = match args.report.as_str() {
        "choose" => schema_for!(choose::StackReport),
        "break-even" => schema_for!(break_even::BreakEvenReport),
        "models" => schema_for!(listing::ModelsReport),
        "prices" => schema_for!(listing::PricesReport),
        "plans" => schema_for!(listing::PlansReport),
        "months" => schema_for!(listing::MonthsReport),
        "license" => schema_for!(license::LicenseReport),
        "licenses" => schema_for!(license::LicensesReport),
        "doctor" => schema_for!(doctor::DoctorReport),
        "license-record" => schema_for!(license::RecordReport),
        "fit" => schema_for!(fit::FitReport),
        "fit-need" => schema_for!(fit::NeedReport),
        "fit-batch" => schema_for!(fit::FitBatchLine),
        "accuracy" => schema_for!(fit::AccuracyReport),
        "show" => schema_for!(listing::ShowReport),
        "why" => schema_for!(listing::WhyReport),
        "observe" => schema_for!(observe::ObserveReport),
        "sources" => schema_for!(observe::SourcesReport),
        "series" => schema_for!(observe::SeriesReport),
        "top" => schema_for!(observe::TopReport),
        "watch" => schema_for!(observe::WatchReport),
        "store" => schema_for!(observe::StoreReport),
        "price-conflicts" => schema_for!(observe::ConflictsReport),
        "new-offers" => schema_for!(observe::NewOffersReport),
        "gap" => schema_for!(gap::GapReport),
        "gains" => schema_for!(trends::GainsReport),
        "trends" => schema_for!(trends::TrendsReport),
        "predictions" => schema_for!(predictions::PredictionsReport),
        "prediction-written" => schema_for!(predictions::WrittenReport),
        "claims" => schema_for!(claims::ClaimsReport),
        "digest" => schema_for!(digest::DigestReport),
        "guide" => schema_for!(guide::GuideReport),
        "guide-diff" => schema_for!(guide::GuideDiffReport),
        "catalog-check" => schema_for!(listing::CheckReport),
        other => {
            let near = names::nearest(other, REPORTS.into_iter());
            let message = format!("there is no report `{other}`{}", names::did_you_mean(&near));
            return Err(AppError::request(message)
                .hint(format!("reports: {}", REPORTS.join(", ")))
                .into());
        }
    };
    let mut text = serde_json::to_string_pretty(&schema).map_err(Failure::internal)?;
    text.push('\n');
    Printer::data(&text)?;
    Ok(Exit::Done)
}
