//! Rates of exchange of the European Central Bank, and prices of electricity of Eurostat and of the US
//! Energy Information Administration: each with the day or period from which it holds.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{About, Ask, Fields, Source, string};
use crate::fact::{Fact, Facts, Value, decimal};
use crate::fetch::{Request, Secret};
use crate::store::Kept;

pub struct Ecb;

const ECB: About = About {
    id: "ecb",
    title: "European Central Bank, euro reference rates",
    endpoint: "https://data-api.ecb.europa.eu",
    endpoint_vars: &["MAQUETTE_ECB_ENDPOINT"],
    key_vars: &[],
    key_needed: false,
    form: "the bank's CSV",
    terms: "free reuse with the source named (ecb.europa.eu, disclaimer and copyright)",
    attribution: "European Central Bank, euro foreign exchange reference rates",
    cadence_hours: 24,
    units: "units of the currency for one euro, of the day named",
    origins: &["ecb"],
    complete: false,
};

const CURRENCIES: &str = "USD+GBP+CHF+JPY+CNY+CAD+AUD+INR+BRL+KRW+SEK+NOK+DKK+PLN+CZK";

impl Source for Ecb {
    fn about(&self) -> &'static About {
        &ECB
    }

    fn first(&self, ask: &Ask) -> Vec<Request> {
        let base = ask.endpoint.trim_end_matches('/');
        let span = ask.since.map_or_else(
            || "lastNObservations=1".to_owned(),
            |d| format!("startPeriod={d}"),
        );
        let url =
            format!("{base}/service/data/EXR/D.{CURRENCIES}.EUR.SP00.A?{span}&format=csvdata");
        vec![Request::get("rates", url).header("accept", "text/csv")]
    }

    fn read(&self, answer: &Kept) -> Result<Facts, String> {
        #[derive(serde::Deserialize)]
        struct Row {
            #[serde(rename = "CURRENCY")]
            currency: String,
            #[serde(rename = "TIME_PERIOD")]
            day: String,
            #[serde(rename = "OBS_VALUE")]
            value: String,
        }
        let mut out = Facts::default();
        let mut reader = csv::Reader::from_reader(answer.body.as_slice());
        for (n, row) in reader.deserialize::<Row>().enumerate() {
            let row = row.map_err(|e| e.to_string())?;
            let day = row.day.parse::<Date>().ok();
            match (day, decimal(&row.value)) {
                (Some(day), Some(rate)) if !rate.is_zero() => out.facts.push(Fact {
                    valid_from: Some(day),
                    ..Fact::change(
                        &format!("fx:EUR/{}", row.currency),
                        "rate",
                        "for one EUR",
                        Value::Number(rate),
                    )
                }),
                _ => out.reject(format!("row {n}"), "no day or no rate"),
            }
        }
        if out.facts.is_empty() {
            return Err("no rate in it".to_owned());
        }
        Ok(out)
    }
}

pub struct Eia;

const EIA: About = About {
    id: "eia",
    title: "US Energy Information Administration, retail sales of electricity",
    endpoint: "https://api.eia.gov",
    endpoint_vars: &["MAQUETTE_EIA_ENDPOINT"],
    key_vars: &["EIA_API_KEY"],
    key_needed: true,
    form: "the administration's JSON",
    terms: "public domain, with the source named (eia.gov/about/copyrights_reuse.php)",
    attribution: "U.S. Energy Information Administration",
    cadence_hours: 24 * 30,
    units: "cents for a kWh, divided by 100; average revenue, taxes included; of the month named",
    origins: &["eia"],
    complete: false,
};

impl Source for Eia {
    fn about(&self) -> &'static About {
        &EIA
    }

    fn first(&self, ask: &Ask) -> Vec<Request> {
        let base = ask.endpoint.trim_end_matches('/');
        let start = ask.since.map_or(String::new(), |d| {
            format!("&start={:04}-{:02}", d.year(), d.month())
        });
        let url = format!(
            "{base}/v2/electricity/retail-sales/data/?frequency=monthly&data%5B0%5D=price&facets%5Bsectorid%5D%5B%5D=RES&facets%5Bsectorid%5D%5B%5D=COM&sort%5B0%5D%5Bcolumn%5D=period&sort%5B0%5D%5Bdirection%5D=desc&length=500{start}"
        );
        let key = |k: &str| Secret::Query("api_key".to_owned(), k.to_owned());
        vec![ask.request("retail", &url, key)]
    }

    fn read(&self, answer: &Kept) -> Result<Facts, String> {
        #[derive(serde::Deserialize)]
        struct Whole<'a> {
            #[serde(borrow)]
            response: Response<'a>,
        }
        #[derive(serde::Deserialize)]
        struct Response<'a> {
            #[serde(borrow)]
            data: Vec<Fields<'a>>,
        }
        let all: Whole<'_> = serde_json::from_slice(&answer.body).map_err(|e| e.to_string())?;
        let mut out = Facts::default();
        for (n, row) in all.response.data.iter().enumerate() {
            let text = |k: &str| string(row.get(k));
            let month = text("period").and_then(|p| format!("{p}-01").parse::<Date>().ok());
            let sector = match text("sectorid").as_deref() {
                Some("RES") => "residential",
                Some("COM") => "commercial",
                _ => continue,
            };
            let Some((state, month)) = text("stateid").zip(month) else {
                out.reject(format!("row {n}"), "no state or no month");
                continue;
            };
            // `US` is the whole country; the price comes as a number or as a text.
            let place = if state == "US" {
                state
            } else {
                format!("US-{state}")
            };
            let cents = row
                .get("price")
                .and_then(|p| decimal(p.get().trim_matches('"')));
            match cents.filter(|c| !c.is_zero()) {
                Some(cents) => out.facts.push(Fact {
                    valid_from: Some(month),
                    ..Fact::change(
                        &format!("power:{place}"),
                        &format!("price/kwh;sector={sector}"),
                        "USD",
                        Value::Number(cents / Decimal::ONE_HUNDRED),
                    )
                }),
                None => out.reject(format!("power:{place} {sector} {month}"), "no price"),
            }
        }
        Ok(out)
    }
}

pub struct Eurostat;

const EUROSTAT: About = About {
    id: "eurostat",
    title: "Eurostat, electricity prices for households (nrg_pc_204)",
    endpoint: "https://ec.europa.eu",
    endpoint_vars: &["MAQUETTE_EUROSTAT_ENDPOINT"],
    key_vars: &[],
    key_needed: false,
    form: "Eurostat's JSON-stat",
    terms: "CC BY 4.0 (ec.europa.eu/eurostat, copyright notice)",
    attribution: "Eurostat, nrg_pc_204, CC BY 4.0",
    cadence_hours: 24 * 180,
    units: "EUR for a kWh of households that use 2,500 to 4,999 kWh a year, all taxes included; of the half-year named",
    origins: &["eurostat"],
    complete: false,
};

impl Source for Eurostat {
    fn about(&self) -> &'static About {
        &EUROSTAT
    }

    fn first(&self, ask: &Ask) -> Vec<Request> {
        let base = ask.endpoint.trim_end_matches('/');
        let url = format!(
            "{base}/eurostat/api/dissemination/statistics/1.0/data/nrg_pc_204?format=JSON&lang=EN&nrg_cons=KWH2500-4999&tax=I_TAX&currency=EUR&unit=KWH&lastTimePeriod=2"
        );
        vec![Request::get("prices", url)]
    }

    fn read(&self, answer: &Kept) -> Result<Facts, String> {
        #[derive(serde::Deserialize)]
        struct Cube<'a> {
            id: Vec<String>,
            size: Vec<usize>,
            dimension: BTreeMap<String, Dimension>,
            #[serde(borrow)]
            value: BTreeMap<String, &'a serde_json::value::RawValue>,
        }
        #[derive(serde::Deserialize)]
        struct Dimension {
            category: Category,
        }
        #[derive(serde::Deserialize)]
        struct Category {
            index: BTreeMap<String, usize>,
        }
        let cube: Cube<'_> = serde_json::from_slice(&answer.body).map_err(|e| e.to_string())?;
        let strides = |name: &str| {
            let at = cube.id.iter().position(|i| i == name)?;
            let stride: usize = cube.size.get(at + 1..)?.iter().product();
            Some((stride, *cube.size.get(at)?))
        };
        let (Some((geo, geos)), Some((time, times))) = (strides("geo"), strides("time")) else {
            return Err("no dimension geo or time".to_owned());
        };
        let named = |dimension: &str, i: usize| {
            let index = &cube.dimension.get(dimension)?.category.index;
            index
                .iter()
                .find(|(_, n)| **n == i)
                .map(|(code, _)| code.clone())
        };
        let mut out = Facts::default();
        for (cell, raw) in &cube.value {
            // Row-major, the last dimension fastest; the others have one code each.
            let place = cell.parse::<usize>().ok().and_then(|c| {
                Some((
                    named("geo", c / geo.max(1) % geos.max(1))?,
                    named("time", c / time.max(1) % times.max(1))?,
                ))
            });
            let half = |t: &str| {
                let (year, half) = t.split_once("-S")?;
                let month = if half == "2" { 7 } else { 1 };
                Date::new(year.parse().ok()?, month, 1).ok()
            };
            let found = place.and_then(|(g, t)| Some((g, half(&t)?, decimal(raw.get())?)));
            match found {
                // Greece and the aggregates have codes of their own.
                Some((code, from, eur)) if code.len() == 2 && !eur.is_zero() => {
                    let country = if code == "EL" { "GR" } else { code.as_str() };
                    out.facts.push(Fact {
                        valid_from: Some(from),
                        ..Fact::change(
                            &format!("power:{country}"),
                            "price/kwh;currency=EUR;sector=residential;tax=included",
                            "EUR",
                            Value::Number(eur),
                        )
                    });
                }
                Some(_) => {}
                None => out.reject(format!("cell {cell}"), "no place, time or price"),
            }
        }
        Ok(out)
    }
}
