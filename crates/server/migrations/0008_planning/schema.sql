create table simulation (
    part bigint not null,
    id bigint not null,
    staff bigint not null,
    started_at bigint not null,
    seen_at bigint not null,
    against bigint not null,
    state text not null,
    progress bigint not null,
    result bytes not null,
    primary key (part, id)
);

create table adjustment_share (
    part bigint not null,
    form text not null,
    staff bigint not null,
    member bigint not null,
    day text not null,
    size bigint not null,
    primary key (part, form)
);
create index adjustment_share_day on adjustment_share (part, staff, member, day);
