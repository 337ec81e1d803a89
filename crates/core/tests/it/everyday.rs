//! What shops ask for every day, said in a document and coming out exactly.

use super::shop::{POINTS, check};

const EVERYDAY: &str = r#"
[units.trees]
name.en = { one = "cent for trees", many = "cents for trees" }
scale = 2
spendable = false
worth = { units = 1, money = "0.01" }

[earning.spend]
name = { en = "1 point for each 1 zł" }
unit = "points"
per = "1.00"
[earning.registering]
name = { en = "50 for registering" }
unit = "points"
on = "joined"
points = 50
[earning.recommendation]
name = { en = "100 for a recommendation" }
unit = "points"
on = "recommendation"
points = 100
[earning.large]
name = { en = "30 for a purchase above 200 zł" }
unit = "points"
points = 30
when = [{ field = "order.total", more_than = "200.00" }]
[earning.event]
name = { en = "20 for an online event" }
unit = "points"
on = "online-event"
points = 20
[earning.birthday]
name = { en = "A birthday code" }
on = "birthday"
reward = "birthday"
[earning.eco]
name = { en = "1.00 of each item for trees" }
unit = "trees"
per_item = 100

[campaigns.season]
name = { en = "Double in season" }
multiplier = 2
applies_to = ["spend"]
when = [{ field = "time.month", in = [1, 4, 7, 11] }]
until = "2030-12-31"

[tiers.status]
name = { en = "Status" }
metric = "spend"
window = "lifetime"
base = { id = "member", name = { en = "Member" } }
levels = [
  { id = "vip", name = { en = "VIP" }, at = "1000.00" },
]
[tiers.colour]
name = { en = "Colour" }
metric = "points"
unit = "points"
window = "calendar_year"
base = { id = "white", name = { en = "White" } }
levels = [
  { id = "silver", name = { en = "Silver" }, at = 500 },
  { id = "gold", name = { en = "Gold" }, at = 1500 },
  { id = "platinum", name = { en = "Platinum" }, at = 5000 },
]

[rewards.coupon]
name = { en = "Coupon" }
kind = "amount_off"
amount = "10.00"
price = 100
unit = "points"
voucher = {}
[rewards.early]
name = { en = "Early access" }
kind = "exclusive_access"
price = 300
unit = "points"
[rewards.product]
name = { en = "Free product" }
kind = "free_product"
product = "CUP"
price = 500
unit = "points"
[rewards.limited]
name = { en = "Limited product" }
kind = "free_product"
product = "RARE"
price = 200
unit = "points"
stock = 1
[rewards.birthday]
name = { en = "Birthday code" }
kind = "percent_off"
percent = 10
voucher = { valid = "14 days" }
"#;

#[test]
fn everyday_figures_come_out_exactly() {
    check(
        &[POINTS, EVERYDAY],
        "2026-02-01 ada joins birthday=03-01             => available 50 tier member+white
         2026-02-02 ada order 1 200.00                   => available 250 available:trees 100
         2026-02-03 ada order 2 200.01                   => available 480 available:trees 200
         2026-02-04 ada does recommendation bob          => available 580 tier member+silver
         2026-02-05 ada does online-event 7              => available 600
         2026-03-01 ada waits                            => vouchers 1
         2026-03-15 ada waits                            => vouchers 0
         2026-04-02 ada order 3 lines=a:3:100.50         => available 801 available:trees 500
         2026-04-03 ada redeems coupon                   => available 701 vouchers 1
         2026-04-03 ada redeems limited                  => available 501
         2026-04-03 ada redeems limited                  => out_of_stock
         2026-04-03 ada redeems product                  => available 1
         2026-04-03 ada redeems early                    => insufficient_points
         2026-05-03 ada order 4 499.49                   => available 530 tier vip+silver
         2026-05-04 ada returns 3 a*3                    => available 329 available:trees 300 tier member+silver",
    );
}

#[test]
fn points_only_for_purchases_above_50() {
    let rule = "[earning.spend]\nname = { en = \"1 for 1\" }\nper = \"1.00\"\nwhen = [{ field = \"order.total\", more_than = \"50.00\" }]\n";
    check(
        &[POINTS, rule],
        "2026-01-01 ada joins
         2026-01-02 ada order 1 50.00                   => available 0
         2026-01-03 ada order 2 lines=a:1:50.01,b:1:9.00 => available 59
         2026-01-04 ada returns 2 b*1                   => available 50
         2026-01-05 ada returns 2 a*1 id=r2             => available 0",
    );
}

#[test]
fn conditions_on_lines_orders_and_members() {
    let rules = r#"
[earning.tea]
name = { en = "2 for each piece of tea at full price" }
per_item = 2
lines = [{ field = "line.category", is = "tea" }, { field = "line.discounted", is = false }]
[earning.first]
name = { en = "25 for the first order in the app" }
points = 25
when = [{ field = "order.first", is = true }, { any = [{ field = "order.channel", is = "app" }, { field = "order.country", in = ["CZ", "SK"] }] }]
[earning.third]
name = { en = "5 for every third order within a month of joining" }
points = 5
when = [{ field = "order.number", in = [3, 6, 9] }, { field = "member.days_since_joining", at_most = 30 }]
[earning.steps]
name = { en = "1 for each 1000 steps" }
on = "walk"
per_value = { attribute = "steps", per = 1000 }
when = [{ not = { field = "activity.attribute.doubtful", is = true } }]
[earning.staff]
name = { en = "3 for staff" }
points = 3
when = [{ field = "member.attribute.role", is = "staff" }]
"#;
    check(
        &[POINTS, rules],
        "2026-01-01 ada joins
         2026-01-02 ada order 1 lines=a:3:30.00:tea,b:2:9.00:tea:discounted,c:1:5.00 channel=app => available 31
         2026-01-03 ada order 2 10.00 channel=app  => available 31
         2026-01-04 ada order 3 10.00              => available 36
         2026-01-05 ada does walk 1 steps=2999     => available 38
         2026-01-05 ada does walk 2 steps=2999 doubtful=yes => available 38
         2026-01-05 ada does walk 1 steps=2999     => available 38
         2026-01-05 ada does birthday x            => invalid
         2026-01-05 bob joins role=staff
         2026-01-05 bob order 4 1.00 country=CZ    => available 28",
    );
}
