//! What the analysis can find, with how grave it is. Codes are part of the API and never change.

use crate::programme::finding::Severity;

macro_rules! concerns {
    ($($(#[$text:meta])* $name:ident = $code:literal, $severity:ident;)*) => {
        /// Something that the analysis finds.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Concern {
            $($(#[$text])* $name,)*
        }

        impl Concern {
            pub const ALL: &[Concern] = &[$(Concern::$name),*];

            /// Stable, snake_case.
            pub fn code(self) -> &'static str {
                match self { $(Concern::$name => $code,)* }
            }

            pub fn severity(self) -> Severity {
                match self { $(Concern::$name => Severity::$severity,)* }
            }
        }
    };
}

concerns! {
    RuleNeverFires = "rule_never_fires", Error;
    RewardNeverOffered = "reward_never_offered", Error;
    UnitWorthMore = "unit_worth_more", Error;
    ExpiryBeforeRelease = "expiry_before_release", Error;
    ConditionBranchNever = "condition_branch_never", Warning;
    ConditionAlways = "condition_always", Warning;
    RulesFireTogether = "rules_fire_together", Warning;
    MultipliesNothing = "multiplies_nothing", Warning;
    LinesWithoutEffect = "lines_without_effect", Warning;
    CapBelowAward = "cap_below_award", Warning;
    CapWithoutEffect = "cap_without_effect", Warning;
    ActivityMisspelt = "activity_misspelt", Warning;
    EarnsOnGiftCards = "earns_on_gift_cards", Warning;
    EarnsOnPoints = "earns_on_points", Warning;
    CampaignsStack = "campaigns_stack", Warning;
    CampaignWithoutEnd = "campaign_without_end", Warning;
    BudgetWithoutEnd = "budget_without_end", Warning;
    ActivityWithoutCap = "activity_without_cap", Warning;
    TransfersWithoutCap = "transfers_without_cap", Warning;
    FreeRewardWithoutLimit = "free_reward_without_limit", Warning;
    LevelOutOfReach = "level_out_of_reach", Warning;
    LevelWorseThanBelow = "level_worse_than_below", Warning;
    LevelBringsNothing = "level_brings_nothing", Warning;
    RewardOutOfReach = "reward_out_of_reach", Warning;
    RewardBeyondCaps = "reward_beyond_caps", Warning;
    RewardAboveWorth = "reward_above_worth", Warning;
    GenerousReturn = "generous_return", Warning;
    SomeExpireBeforeRelease = "some_expire_before_release", Warning;
    TextNotTranslated = "text_not_translated", Warning;
    PluralFormsEqual = "plural_forms_equal", Warning;
    NoRewardInAYear = "no_reward_in_a_year", Warning;
    ExpiryBeforeReward = "expiry_before_reward", Warning;
    RecommendationsUnrewarded = "recommendations_unrewarded", Warning;
    RewardWithoutEdition = "reward_without_edition", Warning;
    EditionNeverChosen = "edition_never_chosen", Warning;
    ComingWithoutLimit = "coming_without_limit", Warning;
    RewardAboveOrder = "reward_above_order", Warning;
    RecommendationSettlesEarly = "recommendation_settles_early", Warning;
    RecommendationsUnreviewed = "recommendations_unreviewed", Warning;
    CodesAskNobody = "codes_ask_nobody", Warning;
    AcceptedNothing = "accepted_nothing", Warning;
    RewardFarAway = "reward_far_away", Notice;
    WorthNotStated = "worth_not_stated", Notice;
    PlannedCapability = "planned_capability", Notice;
}

impl Concern {
    pub fn of(code: &str) -> Option<Concern> {
        Concern::ALL.iter().copied().find(|concern| concern.code() == code)
    }

    /// Whether it can be told only from what customers usually buy.
    pub fn needs_usual(self) -> bool {
        matches!(self, Concern::NoRewardInAYear | Concern::ExpiryBeforeReward | Concern::RewardFarAway)
    }
}
