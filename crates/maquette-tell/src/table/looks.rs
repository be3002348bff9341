//! The look of one table at several widths, as a reader sees it.

use super::{Cell, Column, Label, Row, Table};

fn month() -> Table {
    let mut table = Table::new(vec![
        Column::left("work", "Work"),
        Column::left("choice", "Choice"),
        Column::right("memory", "Memory").priority(2),
        Column::left("license", "License"),
        Column::decimal("was", "Was").priority(3),
        Column::decimal("now", "Now"),
    ])
    .title("Your month costs $0.94 on this machine; subscriptions would be $59.00.");
    let bodies = [
        (
            "100 images",
            "FLUX.1-schnell, 8-bit",
            "13 of 24 GB",
            Label::Plain,
            "Apache-2.0",
            Label::Good,
            "$30.00",
            "$0.21",
        ),
        (
            "10 videos",
            "Wan2.2 14B",
            "27 of 24 GB",
            Label::Bad,
            "Apache-2.0",
            Label::Good,
            "$12.00",
            "$0.5",
        ),
        (
            "20 songs",
            "ACE-Step 1.5",
            "9 of 24 GB",
            Label::Plain,
            "disputed",
            Label::Warn,
            "not published",
            "$10",
        ),
    ];
    for (work, choice, memory, fits, license, verdict, was, now) in bodies {
        table.push(Row::body(vec![
            work.into(),
            choice.into(),
            Cell::from(memory).label(fits),
            Cell::from(license).label(verdict),
            was.into(),
            now.into(),
        ]));
    }
    table.push(Row::total(
        ["Total", "", "", "", "$59.00", "$10.71"]
            .map(Cell::from)
            .into(),
    ));
    table.note("◆ two sources disagree: `maquette why ace-step-1.5 --license`");
    table
}

#[test]
fn the_whole_table_where_there_is_room() {
    let expected = "
Your month costs $0.94 on this machine; subscriptions would be $59.00.

  Work        Choice                        Memory  License                 Was     Now
  ─────────────────────────────────────────────────────────────────────────────────────
  100 images  FLUX.1-schnell, 8-bit  13 of 24 GB    ● Apache-2.0         $30.00   $0.21
  10 videos   Wan2.2 14B             27 of 24 GB ■  ● Apache-2.0         $12.00   $0.5
  20 songs    ACE-Step 1.5            9 of 24 GB    ◆ disputed    not published  $10
  ─────────────────────────────────────────────────────────────────────────────────────
  Total                                                                  $59.00  $10.71

  ◆ two sources disagree: `maquette why ace-step-1.5 --license`
";
    assert_eq!(month().text(100, false), expected[1..]);
}

#[test]
fn columns_go_by_priority_and_are_named() {
    let expected = "
Your month costs $0.94 on this machine; subscriptions would be $59.00.

  Work        Choice                 License          Now
  ───────────────────────────────────────────────────────
  100 images  FLUX.1-schnell, 8-bit  ● Apache-2.0   $0.21
  10 videos   Wan2.2 14B             ● Apache-2.0   $0.5
  20 songs    ACE-Step 1.5           ◆ disputed    $10
  ───────────────────────────────────────────────────────
  Total                                            $10.71

  ◆ two sources disagree: `maquette why ace-step-1.5 --license`
  not shown at this width: Memory, Was
";
    assert_eq!(month().text(70, false), expected[1..]);
}

#[test]
fn a_width_that_holds_no_table_stacks_it() {
    let expected = "
Your month costs $0.94
on this machine;
subscriptions would be
$59.00.

Work: 100 images
Choice: FLUX.1-schnell,
8-bit
Memory: 13 of 24 GB
License: ● Apache-2.0
Was: $30.00
Now: $0.21

Work: 10 videos
Choice: Wan2.2 14B
Memory: 27 of 24 GB ■
License: ● Apache-2.0
Was: $12.00
Now: $0.5

Work: 20 songs
Choice: ACE-Step 1.5
Memory: 9 of 24 GB
License: ◆ disputed
Was: not published
Now: $10

Work: Total
Was: $59.00
Now: $10.71

◆ two sources disagree:
`maquette why
ace-step-1.5 --license`
";
    assert_eq!(month().text(24, false), expected[1..]);
}

#[test]
fn wrapped_text_continues_under_itself_and_groups_stand_apart() {
    let mut table = Table::new(vec![
        Column::left("id", "Finding"),
        Column::left("why", "Why").wrap(),
        Column::right("n", "Count"),
    ]);
    table.push(Row::group("Licenses"));
    table.push(Row::body(vec![
        "L1".into(),
        "the card names two licenses and the file a third".into(),
        "2".into(),
    ]));
    table.push(Row::group("Prices"));
    table.push(Row::body(vec![
        "P1".into(),
        "模型价格过期".into(),
        "12".into(),
    ]));
    let expected = "
  Finding  Why                         Count
  ──────────────────────────────────────────
  Licenses
  L1       the card names two              2
           licenses and the file a
           third

  Prices
  P1       模型价格过期                   12
";
    assert_eq!(table.text(44, false), expected[1..]);
}

#[test]
fn a_text_is_cut_only_when_nothing_else_gives() {
    let mut table = Table::new(vec![
        Column::left("model", "Model"),
        Column::decimal("now", "Now"),
    ]);
    table.push(Row::body(vec![
        "stable-diffusion-3.5-large".into(),
        "$0.21".into(),
    ]));
    let expected = "
Model            Now
────────────────────
stable-diffu…  $0.21
";
    assert_eq!(table.text(20, false), expected[1..]);
}

#[test]
fn color_follows_the_meaning() {
    let mut table = Table::new(vec![Column::left("license", "")]);
    table.push(Row::body(vec![Cell::from("disputed").label(Label::Warn)]));
    assert_eq!(table.text(20, true), "\u{1b}[33m◆ disputed\u{1b}[0m\n");
}
