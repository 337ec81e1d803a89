create table sighting (
    part bigint not null,
    party bigint not null,
    kind bigint not null,
    mark bytes not null,
    first_at bigint not null,
    last_at bigint not null,
    times bigint not null,
    primary key (part, party, kind, mark)
);
create index sighting_age on sighting (part, kind, last_at);

create table mark_party (
    part bigint not null,
    kind bigint not null,
    mark bytes not null,
    party bigint not null,
    primary key (part, kind, mark, party)
);

create table mark_tally (
    part bigint not null,
    kind bigint not null,
    mark bytes not null,
    parties bigint not null,
    primary key (part, kind, mark)
);

create table watched_referral (
    part bigint not null,
    friend bigint not null,
    advocate bigint not null,
    ordered_at bigint not null,
    clicked_at bigint,
    name_likeness bigint,
    mail_likeness bigint,
    disposable_mail bigint not null,
    existing_customer bigint not null,
    amount bigint not null,
    stake bigint not null,
    returned bigint not null,
    primary key (part, friend)
);
create index watched_referral_age on watched_referral (part, ordered_at);

create table advocate_friend (
    part bigint not null,
    advocate bigint not null,
    ordered_at bigint not null,
    friend bigint not null,
    primary key (part, advocate, ordered_at, friend)
);

create table advocate_tally (
    part bigint not null,
    advocate bigint not null,
    friends bigint not null,
    returned bigint not null,
    primary key (part, advocate)
);

create table friend_tally (
    part bigint not null,
    friends bigint not null,
    returned bigint not null,
    primary key (part)
);

create table precedent (
    part bigint not null,
    about text not null,
    name text not null,
    confirmed bigint not null,
    cleared bigint not null,
    primary key (part, about, name)
);

create table fraud_case (
    part bigint not null,
    id bigint not null,
    friend bigint not null,
    advocate bigint not null,
    state text not null,
    verdict text not null,
    score bigint not null,
    stake bigint not null,
    rules text not null,
    assessment text not null,
    grounds text,
    opened_at bigint not null,
    assessed_at bigint not null,
    decided_at bigint,
    sent bigint not null,
    primary key (part, id)
);
create unique index fraud_case_friend on fraud_case (part, friend);
create index fraud_case_unsent on fraud_case (part, id) where sent = 0;
create index fraud_case_state on fraud_case (part, state, id);
create index fraud_case_advocate on fraud_case (part, advocate);

create table fraud_case_step (
    part bigint not null,
    fraud_case bigint not null,
    id bigint not null,
    step text not null,
    staff bigint,
    reason text not null,
    primary key (part, fraud_case, id)
);
