create table member_card (
    part bigint not null,
    member bigint not null,
    head bigint not null,
    generation bigint not null,
    level text,
    points bigint,
    spent bigint,
    orders bigint,
    last_order_at bigint,
    expires_at bigint,
    body text not null,
    id_key (part, member)
) rewritten;
create index member_card_level on member_card time_key (part, level, member);
create index member_card_points on member_card time_key (part, points, member);
create index member_card_spent on member_card time_key (part, spent, member);
create index member_card_last_order on member_card time_key (part, last_order_at, member);
create index member_card_expires on member_card time_key (part, expires_at, member);

create table figure_total (
    part bigint not null,
    name text not null,
    subject text not null,
    amount bigint not null,
    primary key (part, name, subject)
) narrow;

create table figure_day (
    part bigint not null,
    name text not null,
    day bigint not null,
    subject text not null,
    times bigint not null,
    amount bigint not null,
    primary key (part, name, day, subject)
) narrow;

create table segment (
    part bigint not null,
    id bigint not null,
    name text not null,
    filter text not null,
    made_by bigint not null,
    made_at bigint not null,
    members bigint,
    counted_at bigint,
    primary key (part, id)
);
create unique index segment_name on segment (part, name);
