//! Codes of places, and which of them the European Union is.

/// The member states of the European Union. Not the EEA, and not Europe.
pub const EU: [&str; 27] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// Words for the whole world, where a place was asked for.
const WORLD: [&str; 9] = [
    "WORLDWIDE",
    "WORLD",
    "GLOBAL",
    "EARTH",
    "WW",
    "ALL",
    "EVERYWHERE",
    "INTERNATIONAL",
    "*",
];

/// Parts of member states with codes of their own (Treaty on the Functioning of the EU, articles 349 and
/// 355: the outermost regions, and Åland). Value added tax has an area of its own, without some of them.
const PARTS_OF_EU: [&str; 7] = ["AX", "GF", "GP", "MF", "MQ", "RE", "YT"];

/// Territories of the United States with codes of their own.
const PARTS_OF_US: [&str; 5] = ["AS", "GU", "MP", "PR", "VI"];

/// The country of a code as typed: `US` of `us-hi`, `GB` of `UK`, `GR` of `EL`, `EU` of `EU27`.
pub fn country(code: &str) -> String {
    let code = code.trim().to_uppercase();
    let state = code.split('-').next().unwrap_or_default();
    match state {
        "UK" => "GB",
        "EL" => "GR",
        "EU27" => "EU",
        other => other,
    }
    .to_owned()
}

/// A place as typed, by code or by name, as a code: a country or a part of one, `EU`, `EEA`, `EUROPE`
/// or the world. A word that is no place is an error with the nearest names.
pub fn resolve(text: &str) -> Result<String, String> {
    let code = country(text);
    let known = ["EU", "EEA", "EUROPE"].contains(&code.as_str()) || is_world(text);
    if known || celes::Country::from_alpha2(&code).is_ok() {
        return Ok(text.trim().to_uppercase());
    }
    let joined: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    let found = celes::Country::from_alpha3(text.trim())
        .or_else(|_| celes::Country::from_name(text.trim()))
        .or_else(|_| celes::Country::from_alias(text.trim()))
        .or_else(|_| celes::Country::from_alias(&joined));
    if let Ok(country) = found {
        return Ok(country.alpha2.to_owned());
    }
    let all = celes::Country::get_countries();
    let names = all.iter().map(|c| c.long_name);
    let near = crate::names::nearest(text, names);
    Err(format!(
        "`{text}` is not a place{} (a country code such as US or DE, or EU)",
        crate::names::did_you_mean(&near)
    ))
}

pub fn is_world(code: &str) -> bool {
    WORLD.contains(&country(code).as_str())
}

/// Is the place a member state, or the Union itself?
pub fn in_eu(code: &str) -> bool {
    let country = country(code);
    country == "EU" || EU.contains(&country.as_str())
}

/// Does the place lie in, or reach into, one of the areas? Areas are countries and `EU`; the world,
/// the EEA and Europe reach into the Union.
pub fn touches(code: &str, areas: &[String]) -> bool {
    let place = country(code);
    areas.iter().any(|area| {
        let area = country(area);
        area == place
            || is_world(&place)
            || (area == "EU" && (in_eu(&place) || place == "EEA" || place == "EUROPE"))
            || (area == "EU" && PARTS_OF_EU.contains(&place.as_str()))
            || (area == "US" && PARTS_OF_US.contains(&place.as_str()))
            || (place == "EU" && EU.contains(&area.as_str()))
            || (place == "EUROPE" && area == "GB")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_by_code_and_by_name() {
        for (typed, code) in [
            ("de", "DE"),
            ("Germany", "DE"),
            ("germany", "DE"),
            ("DEU", "DE"),
            ("South Korea", "KR"),
            ("United Kingdom", "GB"),
            ("us-hi", "US-HI"),
            ("EU", "EU"),
            ("worldwide", "WORLDWIDE"),
        ] {
            assert_eq!(resolve(typed).as_deref(), Ok(code), "{typed}");
        }
        assert!(resolve("Narnia").is_err());
        assert!(resolve("Germny").is_err_and(|e| e.contains("Germany")));
        assert!(resolve("").is_err());
    }

    #[test]
    fn the_union_is_not_the_eea() {
        let eu = ["EU".to_owned(), "GB".to_owned()];
        for inside in [
            "DE",
            "fr",
            "EL",
            "EU27",
            "UK",
            "EEA",
            "Europe",
            "worldwide",
            "RE",
            "AX",
            "WW",
            "*",
        ] {
            assert!(touches(inside, &eu), "{inside}");
        }
        for outside in ["NO", "CH", "IS", "LI", "US-HI", "KR", "TR"] {
            assert!(!touches(outside, &eu), "{outside}");
        }
    }
}
