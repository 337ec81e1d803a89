//! Which of two terms is the better one, where that can be told.

use std::cmp::Ordering;

use super::ForMembers;
use crate::kernel::{Factor, Period, Window};
use crate::programme::document::PendingFrom;
use crate::programme::model::{Exclusions, Expiry, LadderWindow, PendingRule, RewardLimit};

/// The effect, from how the new term compares with the old one when more is better.
pub fn more(compared: Option<Ordering>) -> ForMembers {
    match compared {
        None => ForMembers::Mixed,
        Some(Ordering::Less) => ForMembers::Worse,
        Some(Ordering::Equal) => ForMembers::Neutral,
        Some(Ordering::Greater) => ForMembers::Better,
    }
}

/// As [`more`], when less is better.
pub fn less(compared: Option<Ordering>) -> ForMembers {
    more(compared).reversed()
}

/// A limit: the higher the better, and none is best.
pub fn limit(old: Option<i64>, new: Option<i64>) -> ForMembers {
    let size = |limit: Option<i64>| limit.unwrap_or(i64::MAX);
    more(Some(size(new).cmp(&size(old))))
}

/// A period that may be absent: the longer the better, and `absent` compares as stated.
pub fn longer(old: Option<Period>, new: Option<Period>, absent: Ordering) -> ForMembers {
    more(match (old, new) {
        (Some(old), Some(new)) => new.compare(old),
        (None, None) => Some(Ordering::Equal),
        (None, Some(_)) => Some(absent.reverse()),
        (Some(_), None) => Some(absent),
    })
}

/// Ratios of the kind "so much for each so much": the higher the better.
pub fn ratio((old_much, old_per): (i64, i64), (new_much, new_per): (i64, i64)) -> ForMembers {
    let (old, new) = (i128::from(old_much) * i128::from(new_per), i128::from(new_much) * i128::from(old_per));
    more(Some(new.cmp(&old)))
}

/// A multiplier that may be absent.
pub fn factor(old: Option<Factor>, new: Option<Factor>) -> ForMembers {
    more(Some(new.unwrap_or(Factor::ONE).cmp(&old.unwrap_or(Factor::ONE))))
}

/// How long earned points wait.
pub fn pending(old: Option<PendingRule>, new: Option<PendingRule>) -> ForMembers {
    let moment = |from: PendingFrom| match from {
        PendingFrom::Placed => 0,
        PendingFrom::Paid => 1,
        PendingFrom::Closed => 2,
    };
    match (old, new) {
        (None, None) => ForMembers::Neutral,
        (None, Some(_)) => ForMembers::Worse,
        (Some(_), None) => ForMembers::Better,
        (Some(old), Some(new)) => {
            let wait = less(new.wait.compare(old.wait));
            wait.and(less(Some(moment(new.from).cmp(&moment(old.from)))))
        }
    }
}

/// When points end.
pub fn expiry(old: &Expiry, new: &Expiry) -> ForMembers {
    match (old, new) {
        (old, new) if old == new => ForMembers::Neutral,
        (_, Expiry::Never) => ForMembers::Better,
        (Expiry::Never, _) => ForMembers::Worse,
        (
            Expiry::AfterEarning { period: old, until_end_of: old_end },
            Expiry::AfterEarning { period: new, until_end_of: new_end },
        ) => more(new.compare(*old)).and(rounded_up(*old_end, *new_end)),
        (Expiry::AfterInactivity { period: old }, Expiry::AfterInactivity { period: new }) => more(new.compare(*old)),
        // Earning is activity, so that what ends with inactivity lasts at least as long.
        (Expiry::AfterEarning { period: old, until_end_of: None }, Expiry::AfterInactivity { period: new })
            if new.compare(*old).is_some_and(Ordering::is_ge) =>
        {
            ForMembers::Better
        }
        (Expiry::AfterInactivity { period: old }, Expiry::AfterEarning { period: new, until_end_of: None })
            if new.compare(*old).is_some_and(Ordering::is_le) =>
        {
            ForMembers::Worse
        }
        (Expiry::OnDates { days: old, not_before: old_wait }, Expiry::OnDates { days: new, not_before: new_wait }) => {
            let days = match (contains(old, new), contains(new, old)) {
                (true, true) => ForMembers::Neutral,
                (true, false) => ForMembers::Better,
                (false, true) => ForMembers::Worse,
                (false, false) => ForMembers::Mixed,
            };
            days.and(longer(*old_wait, *new_wait, Ordering::Less))
        }
        _ => ForMembers::Mixed,
    }
}

/// Rounding an end up to the end of a day, a month, a year: weeks lie across months and years.
fn rounded_up(old: Option<Window>, new: Option<Window>) -> ForMembers {
    let size = |window: Option<Window>| match window {
        None => 0,
        Some(Window::Day) => 1,
        Some(Window::Week) => 2,
        Some(Window::Month) => 3,
        Some(Window::Quarter) => 4,
        Some(Window::Year | Window::Lifetime) => 5,
    };
    let across = |one, other| one == Some(Window::Week) && size(other) > 2;
    if across(old, new) || across(new, old) { ForMembers::Mixed } else { more(Some(size(new).cmp(&size(old)))) }
}

/// What does not count: the shorter the list the better.
pub fn exclusions(old: Exclusions, new: Exclusions) -> ForMembers {
    let flags = |list: Exclusions| {
        [list.shipping, list.tax, list.gift_cards, list.fees, list.discounted_lines, list.paid_with_points]
    };
    flags(old)
        .into_iter()
        .zip(flags(new))
        .map(|(old, new)| less(Some(new.cmp(&old))))
        .fold(ForMembers::Neutral, ForMembers::and)
}

/// Over how long a ladder counts.
pub fn ladder_window(old: LadderWindow, new: LadderWindow) -> ForMembers {
    match (old, new) {
        (old, new) if old == new => ForMembers::Neutral,
        (_, LadderWindow::Lifetime) => ForMembers::Better,
        (LadderWindow::Lifetime, _) => ForMembers::Worse,
        (LadderWindow::Rolling(old), LadderWindow::Rolling(new)) => more(new.compare(old)),
        _ => ForMembers::Mixed,
    }
}

/// How often a reward can be had.
pub fn reward_limit(old: Option<&RewardLimit>, new: Option<&RewardLimit>) -> ForMembers {
    match (old, new) {
        (None, None) => ForMembers::Neutral,
        (None, Some(_)) => ForMembers::Worse,
        (Some(_), None) => ForMembers::Better,
        (Some(old), Some(new)) if old.window == new.window => more(Some(new.times.cmp(&old.times))),
        // So many in a year are at most so many in each of its days.
        (Some(old), Some(new)) if within(old.window, new.window) && new.times <= old.times => ForMembers::Worse,
        (Some(old), Some(new)) if within(new.window, old.window) && old.times <= new.times => ForMembers::Better,
        _ => ForMembers::Mixed,
    }
}

/// Whether each `small` window lies in one `large` one.
fn within(small: Window, large: Window) -> bool {
    small < large && (small != Window::Week || large == Window::Lifetime)
}

/// Names of which having more is better.
pub fn names<T: PartialEq>(old: &[T], new: &[T]) -> ForMembers {
    match (contains(new, old), contains(old, new)) {
        (true, true) => ForMembers::Neutral,
        (true, false) => ForMembers::Better,
        (false, true) => ForMembers::Worse,
        (false, false) => ForMembers::Mixed,
    }
}

fn contains<T: PartialEq>(all: &[T], some: &[T]) -> bool {
    some.iter().all(|one| all.contains(one))
}
