//! A shop's whole story under the programme that `lojal init` writes.

use std::collections::BTreeMap;

use lojal_core::command::Command;
use lojal_core::kernel::{Id, Language, MemberId, Name, Part, TransactionId};
use lojal_core::programme::starter;
use lojal_simulation::auditor::{Auditor, Entry};
use lojal_simulation::history::Step;
use lojal_simulation::shell::{Outcome, Shell};
use lojal_simulation::shop::{Shop, ShopEventKind, ShopPlan};

use crate::story;

/// Everything that the shop's customers do, told to an instance; the auditor listens.
struct Year {
    shell: Shell,
    auditor: Auditor,
    refused: BTreeMap<String, u32>,
    redeemed: u32,
    steps: u64,
}

impl Year {
    fn perform(&mut self, step: Step) -> Outcome {
        let performed = self.shell.perform(&step).unwrap();
        self.auditor.observe(&Entry {
            holder: step.holder,
            transaction: step.transaction,
            now: step.at,
            command: &step.command,
            outcome: match &performed.outcome {
                Outcome::Done(decision) => Ok(decision),
                Outcome::Refused(refusal) => Err(refusal),
                Outcome::Known => panic!("{step:?}"),
            },
            after: self.shell.holder(step.holder),
        });
        performed.outcome
    }
}

fn live_a_year(seed: u64) -> Year {
    let programme = story::programme(starter(Language::En));
    let brand = programme.brands[0].id.clone();
    let rewards: Vec<Name> = programme.rewards.iter().map(|reward| reward.id.clone()).collect();
    let calendar = programme.calendar.clone();
    let ends_on = "2026-06-30".parse().unwrap();
    let plan = ShopPlan { members: 150, days: 365, rewards, ..ShopPlan::two_years(seed, ends_on, calendar, brand) };
    let auditor = Auditor::new(programme.shared_quantities());
    let club = programme.id.clone();
    let mut year = Year { shell: story::shell(programme), auditor, refused: BTreeMap::new(), redeemed: 0, steps: 0 };
    for event in Shop::new(plan) {
        let number: u16 = event.member.rsplit('-').next().unwrap().parse().unwrap();
        let member = MemberId(Id::new(0, number, Part::of(&club, &event.member)));
        let commands: Vec<Command> = match &event.kind {
            ShopEventKind::Wished { rewards } => rewards
                .iter()
                .map(|reward| Command::Redeem { reward: reward.clone(), reference: None, acting: None })
                .collect(),
            _ => event.command(member).into_iter().collect(),
        };
        for command in commands {
            year.steps += 1;
            let number = year.steps;
            let transaction =
                TransactionId(Id::new(event.at.as_millisecond(), (number % 30_000) as u16, member.part()));
            let is_wish = matches!(command, Command::Redeem { .. });
            let step = Step { at: event.at, holder: member.into(), transaction, entropy: number.into(), command };
            match year.perform(step) {
                Outcome::Done(_) if is_wish => {
                    year.redeemed += 1;
                    break;
                }
                Outcome::Refused(refusal) if !is_wish => {
                    *year.refused.entry(format!("{refusal:?}")).or_default() += 1;
                }
                _ => {}
            }
        }
    }
    year
}

#[test]
fn a_year_of_a_shop_is_accepted_whole_and_its_books_balance() {
    for seed in 0..2 {
        let year = live_a_year(seed);
        assert!(year.auditor.faults().is_empty(), "seed {seed}: {}", year.auditor.faults()[0]);
        assert_eq!(year.refused, BTreeMap::new(), "seed {seed}");
        assert!(year.redeemed > 30, "seed {seed}: {} rewards", year.redeemed);
        let silver = year.shell.holders().filter(|holder| holder.tiers.values().any(|tier| tier.level != "member"));
        assert!(silver.count() > 10, "seed {seed}: hardly anybody reached a tier");
    }
}
