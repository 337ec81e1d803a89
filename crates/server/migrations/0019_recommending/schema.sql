create table referral_share (
    part bigint not null,
    id bigint not null,
    member bigint not null,
    channel text not null,
    source text not null,
    shared_at bigint not null,
    id_key (part, id)
);
create index referral_share_member on referral_share (part, member, id);

create table referral_sharer (
    part bigint not null,
    member bigint not null,
    period text not null,
    primary key (part, member, period)
) narrow;

create table referral_tally (
    part bigint not null,
    name text not null,
    day bigint not null,
    subject text not null,
    times bigint not null,
    primary key (part, name, day, subject)
) narrow;
create index referral_tally_day on referral_tally time_key (part, name, day);

create table referral_card (
    part bigint not null,
    friend bigint not null,
    generation bigint not null,
    referral text not null,
    state text not null,
    came_at bigint not null,
    id_key (part, friend)
) rewritten;
create index referral_card_came on referral_card time_key (part, generation, came_at, friend);
create index referral_card_state on referral_card time_key (part, generation, state, came_at, friend);
create index referral_card_referral on referral_card time_key (part, generation, referral, came_at, friend);

create table referral_advocate (
    part bigint not null,
    advocate bigint not null,
    period text not null,
    generation bigint not null,
    joined bigint not null,
    qualified bigint not null,
    amount bigint not null,
    primary key (part, advocate, period)
) rewritten;
create index referral_advocate_qualified on referral_advocate
    time_key (part, generation, period, qualified, advocate);
create index referral_advocate_amount on referral_advocate
    time_key (part, generation, period, amount, advocate);
