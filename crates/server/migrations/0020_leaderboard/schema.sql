create table friend_counted (
    part bigint not null,
    leader bigint not null,
    advocate bigint not null,
    friend bigint not null,
    referral text not null,
    sequence bigint not null,
    qualified_at bigint,
    primary key (part, leader, advocate, friend)
);

create table leaderboard_place (
    part bigint not null,
    period text not null,
    member bigint not null,
    friends bigint not null,
    primary key (part, period, member)
);
create index leaderboard_place_order on leaderboard_place (part, period, friends, member);
create index leaderboard_place_member on leaderboard_place (part, member);

create table leaderboard_tally (
    part bigint not null,
    period text not null,
    friends bigint not null,
    members bigint not null,
    primary key (part, period, friends)
);

create table leaderboard_name (
    part bigint not null,
    member bigint not null,
    name text not null,
    state text not null,
    chosen_at bigint not null,
    primary key (part, member)
);

create table material_picture (
    part bigint not null,
    mark text not null,
    ending text not null,
    width bigint not null,
    height bigint not null,
    title text not null,
    content bytes not null,
    added_at bigint not null,
    primary key (part, mark)
);

create table referral_thanks (
    part bigint not null,
    member bigint not null,
    friend bigint not null,
    side text not null,
    message bigint not null,
    thanked_at bigint not null,
    seen_at bigint,
    primary key (part, member, friend, side)
);
