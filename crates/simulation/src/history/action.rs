//! What happens in a history, and how often.

/// One kind of thing that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// A new order, on time.
    Order,
    /// A new order that was placed long before the shop tells of it.
    LateOrder,
    /// A known order is delivered or called off.
    OrderGoesOn,
    /// A known order is stated with another price.
    OrderCorrected,
    Return,
    LooseReturn,
    Activity,
    /// An activity is called off, seldom one that nobody has heard of.
    CallOff,
    Hold,
    EndHold,
    Redeem,
    RollBack,
    UseVoucher,
    Adjust,
    Send,
    Household,
    /// Somebody turns out to be somebody else.
    Merge,
    Profile,
    /// Somebody comes by the recommendation of others.
    Recommend,
    /// Somebody, or the detector, says what is thought of a recommendation.
    JudgeReferral,
    /// An earlier request of the same holder, word for word, under a new id.
    SameAgain,
    Tick,
    Leave,
}

/// Actions with how often each happens in proportion to the others.
pub type Mix = &'static [(Action, u64)];

impl Action {
    /// Whether it brings to an end what a holder has begun.
    pub(super) fn goes_on(self) -> bool {
        matches!(
            self,
            Action::OrderGoesOn
                | Action::OrderCorrected
                | Action::Return
                | Action::CallOff
                | Action::EndHold
                | Action::RollBack
                | Action::UseVoucher
                | Action::JudgeReferral
                | Action::SameAgain
                | Action::Tick
        )
    }

    /// All that can happen to one holder alone.
    pub const ALONE: Mix = &[
        (Action::Order, 30),
        (Action::LateOrder, 6),
        (Action::OrderGoesOn, 14),
        (Action::OrderCorrected, 3),
        (Action::Return, 14),
        (Action::LooseReturn, 4),
        (Action::Activity, 10),
        (Action::CallOff, 3),
        (Action::Hold, 12),
        (Action::EndHold, 14),
        (Action::Redeem, 12),
        (Action::RollBack, 4),
        (Action::UseVoucher, 4),
        (Action::Adjust, 4),
        (Action::Profile, 2),
        (Action::SameAgain, 10),
        (Action::Tick, 8),
    ];
    /// All that can happen.
    pub const EVERYTHING: Mix = &[
        (Action::Order, 30),
        (Action::LateOrder, 6),
        (Action::OrderGoesOn, 14),
        (Action::OrderCorrected, 3),
        (Action::Return, 14),
        (Action::LooseReturn, 4),
        (Action::Activity, 10),
        (Action::CallOff, 3),
        (Action::Hold, 12),
        (Action::EndHold, 14),
        (Action::Redeem, 12),
        (Action::RollBack, 4),
        (Action::UseVoucher, 4),
        (Action::Adjust, 4),
        (Action::Send, 10),
        (Action::Household, 5),
        (Action::Merge, 1),
        (Action::Profile, 2),
        (Action::Recommend, 8),
        (Action::JudgeReferral, 12),
        (Action::SameAgain, 10),
        (Action::Tick, 8),
        (Action::Leave, 1),
    ];
    /// Who comes by whom, what they buy and bring back, and what is thought of it.
    pub const RECOMMENDATIONS: Mix = &[
        (Action::Recommend, 14),
        (Action::Order, 20),
        (Action::LateOrder, 3),
        (Action::OrderGoesOn, 14),
        (Action::OrderCorrected, 4),
        (Action::Return, 12),
        (Action::Activity, 4),
        (Action::CallOff, 3),
        (Action::JudgeReferral, 20),
        (Action::Adjust, 3),
        (Action::Redeem, 3),
        (Action::Household, 2),
        (Action::Merge, 1),
        (Action::SameAgain, 8),
        (Action::Tick, 8),
        (Action::Leave, 1),
    ];
    /// Buying and bringing back, nothing else.
    pub const ORDERS_AND_RETURNS: Mix = &[
        (Action::Order, 10),
        (Action::OrderGoesOn, 4),
        (Action::OrderCorrected, 1),
        (Action::Return, 6),
        (Action::SameAgain, 2),
    ];
}
