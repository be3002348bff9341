//! Duties of those who hand the model on: copies, notices, names, limits, source.

use maquette_catalog::schema::terms::{Attribution, Exempt, Hosting, Op, Rule};
use rust_decimal::Decimal;

use crate::reader::Reader;
use crate::verdict::Verdict;
use maquette_core::facts::{Act, PASSING_ON};

pub(super) fn passing_on(r: &mut Reader<'_>) {
    let (l, facts) = (r.license, r.facts);
    let serves = facts.does(Act::HostForOthers);
    let hosted = serves && l.hosted_service == Some(Hosting::CountsAsDistribution);
    let passes = (facts.does_any(&PASSING_ON) || hosted) && !r.exempt(Exempt::Distribution);
    attribution(r, passes, serves);
    if !passes {
        return;
    }
    let derivative = facts.does(Act::DistributeDerivative);
    if l.license_copy == Some(true) {
        r.duty(Rule::LicenseCopy, "pass the license text on");
    }
    if l.notice_file == Some(true) {
        r.duty(
            Rule::NoticeFile,
            "keep the notices, and add the one the text asks for",
        );
    }
    if l.mark_changes == Some(true) && (derivative || facts.modified != Some(false)) {
        r.duty(Rule::MarkChanges, "say what was changed");
    }
    if l.passthrough_restrictions == Some(true) {
        r.duty(
            Rule::Passthrough,
            "write the use limits into your own terms",
        );
    }
    if l.share_alike == Some(true) {
        let scope = l
            .share_alike_scope
            .as_deref()
            .unwrap_or("what is passed on");
        r.duty(Rule::ShareAlike, format!("under the same license: {scope}"));
    }
    if derivative {
        names(r);
    }
    recipient(r);
}

fn attribution(r: &mut Reader<'_>, passes: bool, serves: bool) {
    let l = r.license;
    let text = l.attribution_text.as_deref();
    let text = text.map_or_else(
        || "the maker and the model".to_owned(),
        |t| format!("`{t}`"),
    );
    let in_product = serves || r.facts.does(Act::ShipInProduct);
    match l.attribution {
        Some(Attribution::Distribution) if passes && l.attribution_text.is_some() => {
            r.duty(
                Rule::Attribution,
                format!("name {text} with what is passed on"),
            );
        }
        Some(Attribution::DistributionOrProduct) if passes || in_product => {
            r.duty(
                Rule::Attribution,
                format!("show {text} with the model, and in a product or service that contains it"),
            );
        }
        Some(Attribution::ProductUi) if r.facts.is_commercial() => {
            r.duty(
                Rule::Attribution,
                format!("show {text} in the interface of a commercial product that uses it"),
            );
        }
        Some(Attribution::Product) if in_product || passes => {
            r.duty(Rule::Attribution, format!("show {text} in the product"));
        }
        Some(Attribution::PublicationAck) if r.facts.does(Act::PublishOutput) => {
            r.duty(
                Rule::Attribution,
                format!("acknowledge {text} where results are published"),
            );
        }
        // Above a line, the line says so; what is encouraged binds nobody.
        _ => {}
    }
}

/// What a derivative may be called.
fn names(r: &mut Reader<'_>) {
    let l = r.license;
    // A repository's name holds no space.
    let plain = |name: &str| name.to_lowercase().replace(['-', '_'], " ");
    let given = r.facts.derivative_name.as_deref().map(plain);
    if let Some(prefix) = &l.naming_prefix {
        match &given {
            Some(name) if !name.starts_with(&plain(prefix)) => r.step(
                Rule::Naming,
                Verdict::Prohibited,
                format!("the name of a derivative must begin with `{prefix}`"),
            ),
            _ => r.duty(
                Rule::Naming,
                format!("begin the derivative's name with `{prefix}`"),
            ),
        }
    }
    if let Some(word) = &l.naming_forbidden_primary {
        match &given {
            Some(name) if name.starts_with(&plain(word)) => r.step(
                Rule::Naming,
                Verdict::Prohibited,
                format!("a derivative may not mainly be called `{word}`"),
            ),
            _ => r.duty(
                Rule::Naming,
                format!("do not call the derivative mainly `{word}`"),
            ),
        }
    }
}

/// The size of whoever gets it can matter as well.
fn recipient(r: &mut Reader<'_>) {
    let l = r.license;
    if l.recipient_needs_license_above_line != Some(true) {
        return;
    }
    for line in &l.threshold {
        let Some(amount) = line.amount.map(Decimal::from) else {
            continue;
        };
        let beyond = r.facts.sizes.recipient_revenue_usd.map(|x| match line.op {
            Op::More => x > amount,
            Op::AtLeast => x >= amount,
        });
        match beyond {
            Some(true) => r.step(
                Rule::ShareAlike,
                Verdict::NeedsLicense,
                "the recipient is beyond the line: it must hold a license first",
            ),
            Some(false) => {}
            None => r.duty(
                Rule::ShareAlike,
                "hand it to nobody beyond the line before he holds a license",
            ),
        }
    }
}
