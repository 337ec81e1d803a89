create table appearance_version (
    part bigint not null,
    number bigint not null,
    body bytes not null,
    made_at bigint not null,
    made_by bigint not null,
    primary key (part, number)
);

create table appearance_picture (
    part bigint not null,
    mark text not null,
    ending text not null,
    content bytes not null,
    added_at bigint not null,
    primary key (part, mark)
);

create table appearance_fault (
    part bigint not null,
    template text not null,
    number bigint not null,
    line bigint not null,
    reason text not null,
    noted_at bigint not null,
    primary key (part, template)
);
