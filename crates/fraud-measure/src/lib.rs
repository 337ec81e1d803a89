//! Measures how well made-up referrals are found.
//!
//! A seeded set of hard cases is shown to the detector as a shop would show it: visits, referrals and returns in
//! the order of time. The truth stays here. The detector's crate knows nothing of this one, and this one uses
//! what any shop may use.
//!
//! Weights and thresholds were chosen on seeds 1 to 12. Figures in the documentation are of seeds 101 to 105,
//! which were looked at when nothing was to be changed any more.

pub mod figures;
mod honest;
mod people;
mod schemes;
pub mod set;
mod table;
mod trial;
mod world;

use lojal_fraud::policy::{Policy, PolicyError};
use serde::Serialize;

use figures::Figures;
use set::Set;

/// What a set came to.
#[derive(Clone, Debug, Serialize)]
pub struct Measurement {
    pub seed: u64,
    pub referrals: u64,
    pub made_up: u64,
    pub made_up_per_mille: u64,
    /// The detector when the friend has just ordered.
    pub at_order: Figures,
    /// The detector before anybody is rewarded.
    pub before_reward: Figures,
    /// Hold whoever shares a line or a device with the advocate or another friend of the same advocate.
    pub same_ip_or_device: Figures,
    /// Hold every friend of an advocate with more than three in a day.
    pub friends_a_day: Figures,
}

/// The policy that is measured: what is usual.
pub fn policy() -> Policy {
    Policy::default()
}

/// Makes the set of a seed and goes through it under a policy. `going` hears how many of how many events were
/// gone through.
pub fn measure(
    seed: u64,
    referrals: u64,
    policy: Policy,
    going: impl FnMut(u64, u64),
) -> Result<Measurement, Vec<PolicyError>> {
    let set = Set::generate(seed, referrals);
    let judged = trial::judge(&set, policy, going)?;
    let made_up = judged.iter().filter(|one| one.truth.cohort.is_fraud()).count() as u64;
    Ok(Measurement {
        seed,
        referrals: judged.len() as u64,
        made_up,
        made_up_per_mille: set.fraud_per_mille,
        at_order: Figures::of(&judged, |one| one.at_order),
        before_reward: Figures::of(&judged, |one| one.before_reward),
        same_ip_or_device: Figures::of(&judged, |one| one.same_ip_or_device),
        friends_a_day: Figures::of(&judged, |one| one.friends_a_day),
    })
}

impl Measurement {
    /// The figures side by side, as Markdown.
    pub fn table(&self) -> String {
        table::table(self)
    }
}
