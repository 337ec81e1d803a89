create table loyalty_card (
    part bigint not null,
    id bigint not null,
    mark bytes not null,
    member bigint not null,
    sealed bytes not null,
    state text not null,
    given_at bigint not null,
    ended_at bigint,
    replaced_by bigint,
    id_key (part, id)
);
create unique index loyalty_card_mark on loyalty_card (part, mark);
create index loyalty_card_member on loyalty_card (part, member);

create table loyalty_card_step (
    part bigint not null,
    card bigint not null,
    id bigint not null,
    step text not null,
    member bigint not null,
    staff bigint,
    reason text not null,
    primary key (part, card, id)
);
create index loyalty_card_step_member on loyalty_card_step (part, member);
