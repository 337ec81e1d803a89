create table referral_code (
    part bigint not null,
    name text not null,
    id bigint not null,
    shown text not null,
    member bigint,
    channel text not null,
    kind text not null,
    state text not null,
    made_at bigint not null,
    ended_at bigint,
    replaced_by bigint,
    name_key (part, name)
);
create unique index referral_code_id on referral_code (part, id);
create index referral_code_member on referral_code (part, member);

create table referral_click (
    part bigint not null,
    id bigint not null,
    code bigint not null,
    member bigint not null,
    channel text not null,
    visitor bytes not null,
    kind text not null,
    source text not null,
    address bytes not null,
    network bytes not null,
    agent bytes not null,
    clicked_at bigint not null,
    id_key (part, id)
);
create index referral_click_code on referral_click (part, code, id);

create table referral_touch (
    part bigint not null,
    visitor bytes not null,
    click bigint not null,
    code bigint not null,
    clicked_at bigint not null,
    primary key (part, visitor, click)
) narrow;

create table referral_visitor (
    part bigint not null,
    member bigint not null,
    visitor bytes not null,
    known_since bigint not null,
    primary key (part, member, visitor)
) narrow;

create table referral_request (
    part bigint not null,
    key text not null,
    fingerprint bytes not null,
    subject text not null,
    made_at bigint not null,
    primary key (part, key)
);

create table referral_attribution (
    part bigint not null,
    friend bigint not null,
    came_at bigint not null,
    body text not null,
    primary key (part, friend)
);

create table referral_friend (
    part bigint not null,
    advocate bigint not null,
    friend bigint not null,
    primary key (part, advocate, friend)
) narrow;
