//! Lines in revenue and users: whose measure, when, and what happens beyond.

use maquette_catalog::schema::license::Threshold;
use maquette_catalog::schema::terms::{
    Effect, Evaluation, Exempt, Metric, Op, Rule, Snapshot, Subject,
};
use maquette_core::{Use, group};
use rust_decimal::Decimal;

use crate::reader::Reader;
use crate::verdict::Verdict;
use maquette_core::facts::{Act, Facts};

const RULES: [Rule; 3] = [Rule::Threshold, Rule::SecondThreshold, Rule::ThirdThreshold];

pub(super) fn lines(r: &mut Reader<'_>) {
    if r.bought || r.exempt(Exempt::Threshold) {
        return;
    }
    let (license, facts) = (r.license, r.facts);
    // A person who earns nothing has neither revenue nor users.
    if facts.person == Some(true) && facts.purpose == Use::Noncommercial && !facts.is_commercial() {
        return;
    }
    let testing = facts.purpose == Use::Evaluation && !facts.is_commercial();
    if testing && license.evaluation == Some(Evaluation::Named) {
        return;
    }
    for (i, line) in license.threshold.iter().enumerate() {
        let rule = RULES[i.min(RULES.len() - 1)];
        if applies(line, facts) {
            one(r, rule, line, testing);
        } else if measure(line, facts).is_some() {
            r.step(
                rule,
                Verdict::Permitted,
                format!(
                    "there is a line in {} for products and services: nothing is shipped or served here",
                    words(line.metric)
                ),
            );
        }
    }
}

/// Some lines look only at those who do a certain thing.
fn applies(line: &Threshold, facts: &Facts) -> bool {
    let only_money = line.commercial_only || line.effect == Effect::CommercialUseEnds;
    if only_money && !facts.is_commercial() {
        return false;
    }
    let in_product = facts.does_any(&[Act::ShipInProduct, Act::HostForOthers]);
    match line.subject {
        Subject::AffiliatesIfService => facts.does(Act::HostForOthers),
        Subject::Product | Subject::Products | Subject::ProductsAndAffiliates => {
            // A product's revenue is earned with what is sold, too.
            let money = !is_users(line.metric);
            in_product || (money && facts.does(Act::SellOutput))
        }
        Subject::LicenseeCommercialProducts | Subject::LicenseeCommercialService => {
            facts.is_commercial()
        }
        _ => true,
    }
}

fn is_users(metric: Metric) -> bool {
    matches!(
        metric,
        Metric::Mau
            | Metric::MonthlyVisits
            | Metric::MonthlyUniqueUsers
            | Metric::AnnualActiveUsers
    )
}

fn one(r: &mut Reader<'_>, rule: Rule, line: &Threshold, testing: bool) {
    let known = measure(line, r.facts);
    let display = line.effect == Effect::AttributionRequired;
    let Some(amount) = line.amount.map(Decimal::from) else {
        if known != Some(Decimal::ZERO) {
            r.step(
                rule,
                Verdict::Unknown,
                format!(
                    "there is a line in {}, and its amount is not known: read the text",
                    words(line.metric)
                ),
            );
        }
        return;
    };
    let line_words = format!(
        "{} {} {} ({}{})",
        words(line.metric),
        if line.op == Op::More {
            "above"
        } else {
            "of at least"
        },
        group(amount),
        whose(line.subject),
        when(line.measured)
    );
    let beyond = |x: Decimal| match line.op {
        Op::More => x > amount,
        Op::AtLeast => x >= amount,
    };
    match known {
        None if bounded(line, r.facts).is_some_and(|most| !beyond(most)) => {}
        None if display => {
            let text = attribution(r);
            r.duty(rule, format!("with {line_words}: show {text}"));
        }
        None => {
            let (fact, _) = fact_of(line);
            r.ask(
                rule,
                fact,
                format!("there is a line: {line_words}"),
                if testing && unclear(r) {
                    Verdict::Ambiguous
                } else {
                    Verdict::NeedsLicense
                },
            );
        }
        Some(x) if !beyond(x) => r.step(
            rule,
            Verdict::Permitted,
            format!("{}, which is within the line: {line_words}", group(x)),
        ),
        Some(_)
            if testing && r.license.evaluation == Some(Evaluation::NamedBelowCapUnclearAbove) =>
        {
            r.both_ways(
                rule,
                format!("beyond the line every license ends: {line_words}"),
                "testing outside production is allowed in words",
            );
        }
        Some(_) => beyond_the_line(r, rule, line, &line_words),
    }
}

/// Testing is named, and whether it outlasts the line is not clear.
fn unclear(r: &Reader<'_>) -> bool {
    r.license.evaluation == Some(Evaluation::NamedBelowCapUnclearAbove)
}

fn beyond_the_line(r: &mut Reader<'_>, rule: Rule, line: &Threshold, line_words: &str) {
    match line.effect {
        Effect::AttributionRequired => {
            let text = attribution(r);
            r.duty(rule, format!("show {text}: {line_words}"));
        }
        Effect::CommercialUseEnds if !r.facts.is_commercial() => {}
        Effect::CommercialUseEnds => {
            r.barred(
                rule,
                format!("commercial use ends beyond the line: {line_words}"),
            );
        }
        Effect::SecurityReviewRequired => r.step(
            rule,
            Verdict::NeedsLicense,
            format!("a review by the licensor comes first: {line_words}"),
        ),
        Effect::LicenseRequired | Effect::PaidLicenseRequired | Effect::LicenseTerminates => {
            let road = r
                .license
                .commercial_license
                .as_deref()
                .unwrap_or("ask the licensor");
            let price = r.license.commercial_price.as_deref();
            let price = price.map_or_else(String::new, |p| format!(" (price: {p})"));
            let words =
                format!("beyond the line: {line_words}; a license can be had: {road}{price}");
            r.step(rule, Verdict::NeedsLicense, words);
        }
    }
}

fn attribution(r: &Reader<'_>) -> String {
    let text = r.license.attribution_text.as_deref();
    match text {
        None | Some("the model name") => "the model's name".to_owned(),
        Some(t) => format!("`{t}`"),
    }
}

fn words(metric: Metric) -> &'static str {
    match metric {
        Metric::AnnualRevenueUsd => "yearly revenue in USD",
        Metric::AnnualRevenueRmb => "yearly revenue in CNY",
        Metric::MonthlyRevenueUsd => "monthly revenue in USD",
        Metric::AnnualRecurringRevenueUsd => "yearly recurring revenue in USD",
        Metric::AggregateRevenueUsd => "aggregate revenue in USD",
        Metric::Mau => "monthly active users",
        Metric::MonthlyVisits => "monthly visits",
        Metric::MonthlyUniqueUsers => "monthly unique users",
        Metric::AnnualActiveUsers => "yearly active users",
    }
}

fn whose(subject: Subject) -> &'static str {
    match subject {
        Subject::Licensee => "the licensee's",
        Subject::LicenseeAndAffiliates => "the licensee's and its affiliates'",
        Subject::LicenseeAllProducts => "of all the licensee's products",
        Subject::LicenseeCommercialService => "of the commercial service",
        Subject::LicenseeCommercialProducts => "of the licensee's commercial products",
        Subject::LicenseeGlobalConsolidated => "the group's, worldwide",
        Subject::AffiliatesIfService => "the group's, for those who serve the model to others",
        Subject::AffiliatesIfImageBusiness => "the group's, where its business is making images",
        Subject::Product => "of the product that uses the model",
        Subject::Products => "of all products that use the model",
        Subject::ProductsAndAffiliates => "of all products of the group that use the model",
    }
}

fn when(measured: Snapshot) -> &'static str {
    match measured {
        Snapshot::ReleaseDate => ", in the month before the model's release and never again",
        Snapshot::Anytime => ", at any time",
        Snapshot::PrecedingMonth => ", in the month before",
        Snapshot::PrecedingYear => ", in the year before",
        Snapshot::TrailingYear => ", over the last twelve months",
        Snapshot::PerMonth => ", in a month",
        Snapshot::PerYear => ", in a year",
        Snapshot::Unspecified => "",
    }
}

/// The fact that a line asks for first, and others that stand in for it.
fn fact_of(line: &Threshold) -> (&'static str, Option<&'static str>) {
    match line.metric {
        Metric::AnnualRevenueUsd if with_group(line.subject) => {
            ("group_annual_revenue_usd", Some("annual_revenue_usd"))
        }
        Metric::AnnualRevenueUsd => ("annual_revenue_usd", None),
        Metric::AnnualRevenueRmb => ("annual_revenue_rmb", None),
        Metric::MonthlyRevenueUsd => ("monthly_revenue_usd", None),
        Metric::AnnualRecurringRevenueUsd => ("annual_recurring_revenue_usd", None),
        Metric::AggregateRevenueUsd => ("group_aggregate_revenue_usd", None),
        Metric::Mau if line.measured == Snapshot::ReleaseDate => ("group_mau_at_release", None),
        Metric::Mau if of_product(line.subject) => ("product_mau", None),
        Metric::Mau => ("group_mau", Some("product_mau")),
        Metric::MonthlyVisits => ("monthly_visits", None),
        Metric::MonthlyUniqueUsers => ("monthly_unique_users", Some("product_mau")),
        Metric::AnnualActiveUsers => ("annual_active_users", None),
    }
}

fn with_group(subject: Subject) -> bool {
    matches!(
        subject,
        Subject::LicenseeAndAffiliates
            | Subject::LicenseeGlobalConsolidated
            | Subject::AffiliatesIfService
            | Subject::AffiliatesIfImageBusiness
            | Subject::ProductsAndAffiliates
    )
}

fn of_product(subject: Subject) -> bool {
    matches!(
        subject,
        Subject::Product | Subject::Products | Subject::ProductsAndAffiliates
    )
}

/// What the asker said of the line's metric. Of a person's own figure and the group's the larger
/// counts where affiliates do.
fn measure(line: &Threshold, facts: &Facts) -> Option<Decimal> {
    let s = &facts.sizes;
    let larger = |a: Option<Decimal>, b: Option<Decimal>| a.max(b);
    match line.metric {
        Metric::AnnualRevenueUsd if with_group(line.subject) => {
            larger(s.group_annual_revenue_usd, s.annual_revenue_usd)
        }
        Metric::AnnualRevenueUsd => s.annual_revenue_usd.or(s.group_annual_revenue_usd),
        Metric::AnnualRevenueRmb => s.annual_revenue_rmb,
        Metric::MonthlyRevenueUsd => s.monthly_revenue_usd,
        Metric::AnnualRecurringRevenueUsd => s.annual_recurring_revenue_usd,
        Metric::AggregateRevenueUsd => s
            .group_aggregate_revenue_usd
            .or_else(|| larger(s.group_annual_revenue_usd, s.annual_revenue_usd)),
        Metric::Mau if line.measured == Snapshot::ReleaseDate => s.group_mau_at_release,
        Metric::Mau if of_product(line.subject) => s.product_mau,
        Metric::Mau => larger(s.group_mau, s.product_mau),
        Metric::MonthlyVisits => s.monthly_visits,
        Metric::MonthlyUniqueUsers => larger(s.monthly_unique_users, s.product_mau),
        Metric::AnnualActiveUsers => s.annual_active_users,
    }
}

/// An upper bound that other facts give: a month's revenue is at most the year's, what recurs at most
/// all of it, a product's users at most the group's.
fn bounded(line: &Threshold, facts: &Facts) -> Option<Decimal> {
    let s = &facts.sizes;
    let year = s.group_annual_revenue_usd.max(s.annual_revenue_usd);
    match line.metric {
        Metric::MonthlyRevenueUsd | Metric::AnnualRecurringRevenueUsd => year,
        Metric::Mau if of_product(line.subject) => s.group_mau,
        _ => None,
    }
}
