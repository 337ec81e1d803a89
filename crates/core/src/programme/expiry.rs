use super::model::{Expiry, Unit};
use crate::kernel::{Calendar, Date, Instant};

impl Unit {
    /// When points that were earned at `earned_at` expire; `None` where they do not, or where that
    /// depends on what the member does.
    pub fn expires_at(&self, calendar: &Calendar, earned_at: Instant) -> Option<Instant> {
        match &self.expiry {
            Expiry::Never | Expiry::AfterInactivity { .. } => None,
            Expiry::AfterEarning { period, until_end_of } => {
                let end = calendar.after(earned_at, *period);
                Some(match until_end_of {
                    Some(window) => calendar.start_of(calendar.window_end(calendar.date(end), *window)),
                    None => end,
                })
            }
            Expiry::OnDates { days, not_before } => {
                let earliest = not_before.map_or(earned_at, |period| calendar.after(earned_at, period));
                let year = calendar.date(earliest).year();
                let ends =
                    (year..=year.saturating_add(1)).flat_map(|year| days.iter().map(move |day| end_of(year, *day)));
                ends.flatten().map(|date| calendar.start_of(date)).find(|end| *end > earliest)
            }
        }
    }
}

/// The day after `day` of `year`; the 29th of February is the last day of that month.
fn end_of(year: i16, (month, day): (i8, i8)) -> Option<Date> {
    let date = Date::new(year, month, day).or_else(|_| Date::new(year, month, 28)).ok()?;
    date.tomorrow().ok()
}

#[cfg(test)]
mod tests {
    use crate::kernel::Language;
    use crate::programme::{parse_toml, starter};

    #[test]
    fn points_expire_as_the_document_says() {
        for (expiry, earned, expires) in [
            ("{ after_earning = \"12 months\", until_end_of = \"month\" }", "2026-01-31 10:00", Some("2027-02-01")),
            ("{ after_earning = \"180 days\" }", "2026-01-01 10:00", Some("2026-06-30 10:00")),
            ("{ after_earning = \"1 month\" }", "2026-01-31", Some("2026-02-28")),
            ("{ on = [\"12-31\", \"06-30\"] }", "2026-06-30 23:59", Some("2026-07-01")),
            ("{ on = [\"12-31\", \"06-30\"] }", "2026-07-01", Some("2027-01-01")),
            ("{ on = [\"12-31\"], not_before = \"6 months\" }", "2026-08-01", Some("2028-01-01")),
            ("{ on = [\"02-29\"] }", "2026-01-01", Some("2026-03-01")),
            ("{ after_inactivity = \"6 months\" }", "2026-01-01", None),
        ] {
            let text = starter(Language::En).replacen(
                "{ after_earning = \"12 months\", until_end_of = \"month\" }",
                expiry,
                1,
            );
            let programme = parse_toml(&text).unwrap();
            let moment = |text: &str| programme.calendar.parse(text).unwrap();
            let found = programme.units[0].expires_at(&programme.calendar, moment(earned));
            assert_eq!(found, expires.map(moment), "{expiry} {earned}");
        }
    }
}
