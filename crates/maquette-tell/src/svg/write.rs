//! SVG text: numbers of one fixed form, and everything from outside escaped.

pub(super) use crate::html::escape;

const STYLE: &str = include_str!("style.css");

/// A coordinate with one decimal; never `-0.0`.
pub(super) fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    if text == "-0.0" {
        "0.0".to_owned()
    } else {
        text
    }
}

/// `id` with everything that is not a letter, a digit, `_` or `-` replaced; begins with a letter.
pub(super) fn identifier(id: &str) -> String {
    let clean: String = id
        .chars()
        .map(|c| match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '-' => c,
            _ => '-',
        })
        .collect();
    if clean.starts_with(|c: char| c.is_ascii_alphabetic()) {
        clean
    } else {
        format!("c{clean}")
    }
}

/// The start of a chart: its title and description, the style, the paper.
pub(super) fn start(id: &str, (title, desc): (&str, &str), (w, h): (f64, f64)) -> String {
    let id = identifier(id);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"mq-chart\" role=\"img\" \
         aria-labelledby=\"{id}-t {id}-d\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\">\n\
         <title id=\"{id}-t\">{}</title>\n<desc id=\"{id}-d\">{}</desc>\n\
         <style>\n{STYLE}</style>\n<rect class=\"mq-paper\" width=\"{w}\" height=\"{h}\"/>\n",
        escape(title),
        escape(desc)
    )
}

/// The attribute that names a figure's evidence, if it has one.
pub(super) fn evidence(evidence: Option<&str>) -> String {
    evidence.map_or_else(String::new, |name| {
        format!(" data-evidence=\"{}\"", escape(name))
    })
}

/// A text element; `class` may be empty.
pub(super) fn text(class: &str, (x, y): (f64, f64), content: &str) -> String {
    let class = if class.is_empty() {
        String::new()
    } else {
        format!(" class=\"{class}\"")
    };
    format!(
        "<text{class} x=\"{}\" y=\"{}\">{}</text>\n",
        number(x),
        number(y),
        escape(content)
    )
}

/// A line element.
pub(super) fn line(class: &str, from: (f64, f64), to: (f64, f64)) -> String {
    format!(
        "<line class=\"{class}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>\n",
        number(from.0),
        number(from.1),
        number(to.0),
        number(to.1)
    )
}
