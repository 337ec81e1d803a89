//! Every programme in `programmes/` loads, says nothing but what is planned, and runs: its books balance, and
//! each of its rules and rewards is had by somebody.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use lojal_core::decision::Because;
use lojal_core::kernel::Name;
use lojal_core::programme::{AwardKind, Programme, STARTERS, check_toml};
use lojal_simulation::history::{Action, Shape};
use lojal_simulation::shell::Outcome;

use crate::story::{Story, Telling};

/// Enough stories for rules that only few members come by.
const MOST_STORIES: u64 = 400;

pub fn text_of(file: &str) -> String {
    std::fs::read_to_string(root().join(file)).unwrap_or_else(|problem| panic!("{file}: {problem}"))
}

/// What nobody comes by whose orders are drawn by chance, or who is recommended by nobody; the table beside has somebody who does.
const BEYOND_CHANCE: [(&str, &str); 22] = [
    ("gallery/avios.toml", "gold"),
    ("gallery/avios.toml", "milestone-11000"),
    ("gallery/avios.toml", "milestone-16000"),
    ("gallery/payu-partner.toml", "paid-out"),
    ("gallery/mbank-referral.toml", "personal-account"),
    ("gallery/mbank-referral.toml", "young-account"),
    ("gallery/mbank-referral.toml", "business-account"),
    ("gallery/mbank-referral.toml", "business-account-accounting"),
    ("gallery/mbank-referral.toml", "paid-out"),
    ("gallery/revolut-referral.toml", "invitation"),
    ("gallery/revolut-referral.toml", "under-18-inviting"),
    ("gallery/revolut-referral.toml", "under-18-invited"),
    ("gallery/revolut-referral.toml", "paid-out"),
    ("gallery/saalt.toml", "recommending"),
    ("gallery/saalt.toml", "recommended"),
    ("gallery/olive-and-june.toml", "recommending"),
    ("gallery/olive-and-june.toml", "recommended"),
    ("gallery/annmarie.toml", "recommending"),
    ("gallery/annmarie.toml", "recommended"),
    ("gallery/holzkern.toml", "recommending"),
    ("gallery/holzkern.toml", "recommended"),
    ("starters/community.toml", "workshop"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../programmes")
}

/// The name under `programmes/`, and the text.
fn files() -> Vec<(String, String)> {
    let mut folders = vec![root()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
                files.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.sort();
    assert!(files.len() >= 32, "{} files", files.len());
    files
}

#[test]
fn nothing_is_said_about_a_programme_but_what_is_planned() {
    let mut ids = BTreeSet::new();
    for (file, text) in files() {
        let checked = check_toml(&text).unwrap_or_else(|findings| {
            panic!("{file}\n{}", findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
        });
        assert!(checked.unaccepted().is_empty(), "{file}: {:?}", checked.unaccepted());
        let said = checked.warnings.iter().filter(|finding| finding.code == "planned_capability").count();
        let planned = text.lines().filter(|line| line.starts_with("[planned.")).count();
        assert_eq!(said, planned, "{file}");
        assert_eq!(checked.programme.languages.len(), 2, "{file} speaks both languages");
        assert!(
            ids.insert(checked.programme.id.clone()),
            "{file}: another programme is called {}",
            checked.programme.id
        );
    }
}

#[test]
fn every_starter_can_be_asked_for() {
    let kinds: BTreeSet<String> = STARTERS.iter().map(|(kind, _)| format!("starters/{kind}.toml")).collect();
    let there: BTreeSet<String> =
        files().into_iter().map(|(file, _)| file).filter(|file| file.starts_with("starters/")).collect();
    assert_eq!(kinds, there);
}

#[test]
fn a_model_of_a_known_programme_says_what_it_rests_on() {
    for (file, text) in files().into_iter().filter(|(file, _)| file.starts_with("gallery/")) {
        let header = text.split("\n\n").next().unwrap();
        assert!(header.lines().all(|line| line.starts_with('#')), "{file} begins with a header");
        for part in ["independent model", "not affiliated", "# Modelled: ", "# Sources: ", "# As of: ", "# Left out: "]
        {
            assert!(header.contains(part), "{file} does not say “{part}”");
        }
    }
}

#[test]
fn every_programme_runs_and_each_of_its_rules_is_of_use() {
    let mut useless = Vec::new();
    for (file, text) in files() {
        let mut unused = Wanted::of(&check_toml(&text).unwrap().programme);
        for (_, name) in BEYOND_CHANCE.iter().filter(|(other, _)| *other == file) {
            assert!(unused.rules.remove(*name) || unused.rewards.remove(*name), "{file} has no {name}");
        }
        for seed in 0..MOST_STORIES {
            if seed > 0 && unused.is_empty() {
                break;
            }
            let telling = Telling { seed, shape: Shape::Anything, mix: Action::EVERYTHING, members: 4, steps: 250 };
            unused.strike(&telling.tell_under(text.clone()));
        }
        if !unused.is_empty() {
            useless.push(format!("{file}: nobody came by {unused:?}"));
        }
    }
    assert!(useless.is_empty(), "{}", useless.join("\n"));
}

/// Rules that gave nothing yet, and rewards that nobody has.
#[derive(Debug)]
struct Wanted {
    rules: BTreeSet<Name>,
    rewards: BTreeSet<Name>,
}

impl Wanted {
    fn of(programme: &Programme) -> Wanted {
        // A multiplier has no award of its own to be seen in; a campaign's days may be over.
        let lasting = programme
            .rules
            .iter()
            .filter(|rule| rule.campaign.is_none() && !matches!(rule.award, AwardKind::Multiplier { .. }));
        Wanted {
            rules: lasting.map(|rule| rule.id.clone()).collect(),
            rewards: programme.rewards.iter().map(|reward| reward.id.clone()).collect(),
        }
    }

    fn is_empty(&self) -> bool {
        self.rules.is_empty() && self.rewards.is_empty()
    }

    fn strike(&mut self, story: &Story) {
        for performed in &story.performed {
            let Outcome::Done(decision) = &performed.outcome else {
                continue;
            };
            for effect in &decision.effects {
                match &effect.because {
                    Because::OrderEarned { reckoning, .. } | Because::ActivityEarned { reckoning, .. } => {
                        self.rules.remove(&reckoning.rule);
                    }
                    Because::Redeemed { reward, .. } => {
                        self.rewards.remove(reward);
                    }
                    Because::VoucherIssued { reward, rule: Some(rule), .. } => {
                        self.rewards.remove(reward);
                        self.rules.remove(rule);
                    }
                    _ => {}
                }
            }
        }
    }
}
