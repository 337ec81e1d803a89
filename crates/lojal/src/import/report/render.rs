//! The report for people, in their language, and for programs.

use serde_json::{Value, json};

use super::{Counted, Report};
use crate::import::rows::{LeftOut, Reason};
use crate::texts::Texts;

impl Report {
    /// One line for each number, in columns.
    pub fn render(&self, texts: &Texts) -> String {
        let mut table = Table { texts, rows: Vec::new() };
        self.render_file(&mut table);
        self.render_goods(&mut table);
        self.render_written(&mut table);
        table.finish()
    }

    /// Only what was left out, and why, and what was no member's; `None` when nothing was.
    pub fn render_left_out(&self, texts: &Texts) -> Option<String> {
        let mut table = Table { texts, rows: Vec::new() };
        self.render_rows(&mut table);
        (self.rows_left_out() + self.guests.rows > 0).then(|| table.finish())
    }

    fn render_rows(&self, table: &mut Table) {
        table.count("report-rows", self.rows);
        if self.rows_left_out() > 0 {
            table.count("report-left-out", self.rows_left_out());
        }
        for (reason, counted) in &self.left_out {
            let examples: Vec<String> =
                counted.examples.iter().map(|left_out| example(table.texts, left_out)).collect();
            let more = if counted.count > examples.len() as u64 { ", …" } else { "" };
            let note = table.texts.say("report-at-rows", &[("rows", &format!("{}{more}", examples.join(", ")))]);
            table.add(1, table.texts.say(reason_key(*reason), &[]), table.number(counted.count), note);
        }
        if self.guests.rows > 0 {
            table.count("report-guest-rows", self.guests.rows);
        }
    }

    fn render_file(&self, table: &mut Table) {
        self.render_rows(table);
        if let (Some(first), Some(last)) = (self.first, self.last) {
            let local = |moment| self.calendar.local(moment).strftime("%Y-%m-%d %H:%M").to_string();
            table.add(
                0,
                table.texts.say("report-times", &[]),
                format!("{} – {}", local(first), local(last)),
                String::new(),
            );
        }
        table.count("report-members", self.members);
    }

    fn render_goods(&self, table: &mut Table) {
        table.count("report-orders", self.orders.orders);
        if self.cancelled_orders > 0 {
            table.nested("report-cancelled-orders", self.cancelled_orders);
        }
        table.nested("report-lines", self.orders.lines);
        table.nested("report-pieces", self.orders.pieces.unsigned_abs());
        let total = format!("{} {}", table.texts.decimal(&self.money(self.orders.total)), self.currency);
        table.add(1, table.texts.say("report-total", &[]), total, String::new());
        if self.returns.orders > 0 {
            table.count("report-returns", self.returns.orders);
            table.nested("report-lines", self.returns.lines);
            table.nested("report-pieces", self.returns.pieces.unsigned_abs());
            let total = format!("{} {}", table.texts.decimal(&self.money(self.returns.total)), self.currency);
            table.add(1, table.texts.say("report-total", &[]), total, String::new());
        }
        if self.matched_lines() > 0 {
            table.nested("report-matched-lines", self.matching.lines);
            table.nested("report-partly-matched-lines", self.matching.partly);
            table.nested("report-unmatched-lines", self.matching.unmatched);
            table.nested("report-matched-pieces", self.matching.pieces.unsigned_abs());
            table.nested("report-unmatched-pieces", self.matching.unmatched_pieces.unsigned_abs());
        }
        if self.guests.orders > 0 {
            table.count("report-guest-orders", self.guests.orders);
            let kept = format!("{} {}", table.texts.decimal(&self.money(self.guests.kept)), self.currency);
            table.add(1, table.texts.say("report-guest-kept", &[]), kept, String::new());
            for (key, count) in [("report-accepted", self.guests.accepted), ("report-resumed", self.guests.resumed)] {
                if count > 0 {
                    table.nested(key, count);
                }
            }
        }
        if self.rounded_lines > 0 {
            table.count("report-rounded-lines", self.rounded_lines);
        }
    }

    fn render_written(&self, table: &mut Table) {
        let written = &self.written;
        table.count("report-commands", self.steps);
        for (key, count) in [
            ("report-accepted", written.accepted),
            ("report-repeated", written.repeated),
            ("report-resumed", written.resumed),
            ("report-enrolled", written.enrolled),
        ] {
            if count > 0 {
                table.nested(key, count);
            }
        }
        for (code, counted) in &written.refused {
            let orders: Vec<String> =
                counted.examples.iter().map(|refused| format!("{}: {}", refused.order, refused.detail)).collect();
            let more = if counted.count > orders.len() as u64 { "; …" } else { "" };
            let label = table.texts.say("report-refused", &[("code", code)]);
            table.add(1, label, table.number(counted.count), format!("{}{more}", orders.join("; ")));
        }
    }

    /// Lines of goods that came back of which at least a piece was matched.
    pub fn matched_lines(&self) -> u64 {
        self.matching.lines + self.matching.partly
    }

    pub fn to_json(&self) -> Value {
        let left_out: Vec<Value> =
            self.left_out.iter().map(|(reason, counted)| left_out_json(*reason, counted)).collect();
        let refusals: Vec<Value> = self
            .written
            .refused
            .iter()
            .map(|(code, counted)| json!({ "code": code, "commands": counted.count, "examples": counted.examples }))
            .collect();
        json!({
            "rows": {
                "read": self.rows,
                "used": self.rows - self.rows_left_out(),
                "of_guests": self.guests.rows,
                "left_out": self.rows_left_out(),
                "reasons": left_out,
            },
            "first": self.first,
            "last": self.last,
            "members": self.members,
            "currency": self.currency,
            "orders": {
                "orders": self.orders.orders,
                "cancelled": self.cancelled_orders,
                "lines": self.orders.lines,
                "pieces": self.orders.pieces,
                "total": self.money(self.orders.total),
            },
            "returns": {
                "orders": self.returns.orders,
                "lines": self.returns.lines,
                "pieces": self.returns.pieces,
                "total": self.money(self.returns.total),
                "matched_lines": self.matching.lines,
                "partly_matched_lines": self.matching.partly,
                "unmatched_lines": self.matching.unmatched,
                "matched_pieces": self.matching.pieces,
                "unmatched_pieces": self.matching.unmatched_pieces,
            },
            "guests": {
                "orders": self.guests.orders,
                "kept_total": self.money(self.guests.kept),
                "accepted": self.guests.accepted,
                "resumed": self.guests.resumed,
            },
            "rounded_lines": self.rounded_lines,
            "commands": {
                "all": self.steps,
                "accepted": self.written.accepted,
                "repeated": self.written.repeated,
                "resumed": self.written.resumed,
                "refused": self.refused(),
                "refusals": refusals,
            },
            "members_enrolled": self.written.enrolled,
        })
    }
}

fn left_out_json(reason: Reason, counted: &Counted<LeftOut>) -> Value {
    let examples: Vec<Value> = counted
        .examples
        .iter()
        .map(|left_out| json!({ "row": left_out.row, "column": left_out.column, "found": left_out.found }))
        .collect();
    json!({ "reason": reason, "rows": counted.count, "examples": examples })
}

fn example(texts: &Texts, left_out: &LeftOut) -> String {
    let row = left_out.row.to_string();
    match (&left_out.column, &left_out.found) {
        (Some(column), Some(found)) => {
            texts.say("report-row-found", &[("row", &row), ("column", column), ("found", found)])
        }
        (Some(column), None) => texts.say("report-row-column", &[("row", &row), ("column", column)]),
        _ => row,
    }
}

fn reason_key(reason: Reason) -> &'static str {
    match reason {
        Reason::NoOrder => "reason-no-order",
        Reason::MissingField => "reason-missing-field",
        Reason::BadBytes => "reason-bad-bytes",
        Reason::BadTime => "reason-bad-time",
        Reason::Future => "reason-future",
        Reason::BadNumber => "reason-bad-number",
        Reason::NoPieces => "reason-no-pieces",
        Reason::NegativeAmount => "reason-negative-amount",
        Reason::TooLarge => "reason-too-large",
        Reason::OtherCurrency => "reason-other-currency",
        Reason::UnknownState => "reason-unknown-state",
        Reason::SkippedState => "reason-skipped-state",
        Reason::OtherMember => "reason-other-member",
        Reason::ReturnOfCancelled => "reason-return-of-cancelled",
        Reason::BadIdentifier => "reason-bad-identifier",
        Reason::ReturnOfGuest => "reason-return-of-guest",
    }
}

struct Table<'a> {
    texts: &'a Texts,
    /// Depth, label, value, note.
    rows: Vec<(usize, String, String, String)>,
}

impl Table<'_> {
    fn add(&mut self, depth: usize, label: String, value: String, note: String) {
        self.rows.push((depth, label, value, note));
    }

    fn count(&mut self, key: &str, count: u64) {
        self.add(0, self.texts.say(key, &[]), self.number(count), String::new());
    }

    fn nested(&mut self, key: &str, count: u64) {
        self.add(1, self.texts.say(key, &[]), self.number(count), String::new());
    }

    fn number(&self, count: u64) -> String {
        self.texts.number(i64::try_from(count).unwrap_or(i64::MAX))
    }

    fn finish(self) -> String {
        let width = |text: &str| text.chars().count();
        let labels = self.rows.iter().map(|(depth, label, ..)| depth * 2 + width(label)).max().unwrap_or(0);
        let values = self.rows.iter().map(|(_, _, value, _)| width(value)).max().unwrap_or(0);
        let mut text = String::new();
        for (depth, label, value, note) in &self.rows {
            let line = format!("{}{label}", "  ".repeat(*depth));
            let padding = " ".repeat(labels - width(&line) + 2 + values - width(value));
            text.push_str(format!("{line}{padding}{value}  {note}").trim_end());
            text.push('\n');
        }
        text
    }
}
