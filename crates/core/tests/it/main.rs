//! The engine at its public edge, as tables that a shopkeeper could read.

mod called_off;
mod certainty;
mod changes;
mod crediting;
mod everyday;
mod explanations;
mod findings;
mod fuzz;
mod golden;
mod limits;
mod merging;
mod near;
mod orders;
mod referrals;
mod referrals_economics;
mod referrals_mended;
mod referrals_model;
mod referrals_properties;
mod referrals_races;
mod referrals_town;
mod shop;
mod spending;
mod terms;
mod tiers;
mod time;
