BEGIN TRANSACTION;
CREATE TABLE assignments (
	week VARCHAR NOT NULL, 
	"key" VARCHAR NOT NULL, 
	rank INTEGER NOT NULL, 
	domain VARCHAR NOT NULL, 
	email VARCHAR NOT NULL, 
	department VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	rule VARCHAR NOT NULL, 
	PRIMARY KEY (week, "key", rank)
);
INSERT INTO "assignments" VALUES('2026-W47','A1',0,'water','water@example.nl','Water','W.','water, overal');
INSERT INTO "assignments" VALUES('2026-W47','A2#2',0,'water','water@example.nl','Water','W.','water, overal');
INSERT INTO "assignments" VALUES('2026-W47','A2',0,'afval','afval@example.nl','afval','','afval');
CREATE TABLE card_events (
	id INTEGER NOT NULL, 
	week VARCHAR NOT NULL, 
	"key" VARCHAR NOT NULL, 
	who VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	what VARCHAR NOT NULL, 
	"before" TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "card_events" VALUES(1,'2026-W47','A2','Anke','2026-11-23 09:00:00.000000','beoordeeld: afval','{"A2": {"version": 0, "card": {"state": "nieuw", "leads": true, "repeat_of": "", "judged": false, "domains": "", "urgent": false, "primary_domain": "water", "note": "", "assignee": "", "who": ""}, "remark": {"domains": "water", "primary_domain": "water", "urgent": false, "decision": "route", "reason": "zeker", "departments": "Water", "contacts": "water@example.nl"}, "assignments": [{"rank": 0, "domain": "water", "email": "water@example.nl", "department": "Water", "name": "W.", "rule": "water, overal"}]}}');
CREATE TABLE cards (
	week VARCHAR NOT NULL, 
	"key" VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	state VARCHAR NOT NULL, 
	leads BOOLEAN NOT NULL, 
	repeat_of VARCHAR NOT NULL, 
	ask_order INTEGER NOT NULL, 
	judged BOOLEAN NOT NULL, 
	domains VARCHAR NOT NULL, 
	urgent BOOLEAN NOT NULL, 
	proposed VARCHAR NOT NULL, 
	primary_domain VARCHAR NOT NULL, 
	area VARCHAR NOT NULL, 
	fingerprint VARCHAR NOT NULL, 
	note TEXT NOT NULL, 
	assignee VARCHAR NOT NULL, 
	who VARCHAR NOT NULL, 
	changed DATETIME NOT NULL, 
	PRIMARY KEY (week, "key")
);
INSERT INTO "cards" VALUES('2026-W47','A1',0,0,'nieuw',1,'',0,0,'',0,'water','water','Selwerd','0ea15b09dcb7fa00','','','','2026-11-23 09:00:00.000000');
INSERT INTO "cards" VALUES('2026-W47','A2',1,1,'nieuw',1,'',2,1,'afval',0,'water','afval','Selwerd','36a36bcf2fc35325','','','Anke','2026-11-23 09:00:00.000000');
INSERT INTO "cards" VALUES('2026-W47','A2#2',2,0,'nieuw',1,'',3,0,'',0,'water','water','Selwerd','f4af6a4f60f398cf','','','','2026-11-23 09:00:00.000000');
CREATE TABLE corrections (
	id INTEGER NOT NULL, 
	remark_id VARCHAR NOT NULL, 
	week VARCHAR NOT NULL, 
	text TEXT NOT NULL, 
	domains VARCHAR NOT NULL, 
	urgent BOOLEAN NOT NULL, 
	who VARCHAR NOT NULL, 
	recorded DATETIME NOT NULL, 
	source VARCHAR DEFAULT '' NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "corrections" VALUES(1,'A2','2026-W47','Er ligt grofvuil naast de container','afval',0,'Anke','2026-11-23 09:00:00.000000','bord 2026-W47/A2');
CREATE TABLE forgotten (
	id INTEGER NOT NULL, 
	remark_id VARCHAR NOT NULL, 
	recorded DATETIME NOT NULL, 
	why VARCHAR NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE letter_lines (
	week VARCHAR NOT NULL, 
	email VARCHAR NOT NULL, 
	"key" VARCHAR NOT NULL, 
	letter VARCHAR NOT NULL, 
	PRIMARY KEY (week, email, "key")
);
INSERT INTO "letter_lines" VALUES('2026-W47','water@example.nl','A1','brief1');
CREATE TABLE letters (
	letter VARCHAR NOT NULL, 
	week VARCHAR NOT NULL, 
	email VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	delivery VARCHAR DEFAULT '' NOT NULL, 
	detail VARCHAR DEFAULT '' NOT NULL, 
	recorded DATETIME NOT NULL, 
	PRIMARY KEY (letter)
);
INSERT INTO "letters" VALUES('brief1','2026-W47','water@example.nl','sent','delivered','','2026-11-23 09:00:00.000000');
CREATE TABLE originals (
	week VARCHAR NOT NULL, 
	"key" VARCHAR NOT NULL, 
	sealed BLOB NOT NULL, 
	until DATE NOT NULL, 
	PRIMARY KEY (week, "key")
);
INSERT INTO "originals" VALUES('2026-W47','A1',X'7665727A6567656C64','2030-01-01');
CREATE TABLE remarks (
	week VARCHAR NOT NULL, 
	"key" VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	id VARCHAR NOT NULL, 
	received VARCHAR NOT NULL, 
	area VARCHAR NOT NULL, 
	street VARCHAR NOT NULL, 
	place_from_text VARCHAR DEFAULT '' NOT NULL, 
	text TEXT NOT NULL, 
	language VARCHAR NOT NULL, 
	domains VARCHAR NOT NULL, 
	primary_domain VARCHAR NOT NULL, 
	confidence FLOAT NOT NULL, 
	danger FLOAT DEFAULT '0' NOT NULL, 
	urgent BOOLEAN NOT NULL, 
	decision VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	because VARCHAR NOT NULL, 
	departments VARCHAR NOT NULL, 
	contacts VARCHAR NOT NULL, 
	PRIMARY KEY (week, "key")
);
INSERT INTO "remarks" VALUES('2026-W47','A1',0,'A1','2026-11-16','Selwerd','Iepenlaan','','De put is verstopt','nl','water','water',0.75,0.1,0,'route','zeker','water: put','Water','water@example.nl');
INSERT INTO "remarks" VALUES('2026-W47','A2',1,'A2','2026-11-16','Selwerd','Iepenlaan','','Er ligt grofvuil naast de container','nl','afval','afval',0.75,0.1,0,'route','beoordeeld door Anke','water: put','afval','afval@example.nl');
INSERT INTO "remarks" VALUES('2026-W47','A2#2',2,'A2','2026-11-16','Selwerd','Iepenlaan','','Mijn uitkering is niet betaald','nl','water','water',0.75,0.1,0,'route','zeker','water: put','Water','water@example.nl');
CREATE TABLE runs (
	week VARCHAR NOT NULL, 
	model VARCHAR NOT NULL, 
	finished DATETIME NOT NULL, 
	n_remarks INTEGER NOT NULL, 
	n_rejected INTEGER NOT NULL, 
	PRIMARY KEY (week)
);
INSERT INTO "runs" VALUES('2026-W47','m1','2026-11-23 09:00:00.000000',3,0);
CREATE INDEX remarks_by_decision ON remarks (week, decision, "key");
CREATE INDEX assignments_by_contact ON assignments (week, email);
CREATE INDEX ix_letters_week ON letters (week);
CREATE INDEX ix_letter_lines_letter ON letter_lines (letter);
CREATE INDEX ix_originals_until ON originals (until);
CREATE INDEX ix_corrections_source ON corrections (source);
CREATE INDEX cards_by_assignee ON cards (assignee);
CREATE INDEX cards_by_position ON cards (week, position);
CREATE INDEX cards_in_column ON cards (week, leads, state, judged, ask_order);
CREATE INDEX cards_to_judge ON cards (week, leads, judged, ask_order);
CREATE INDEX cards_repeating ON cards (week, repeat_of, position);
CREATE INDEX cards_urgent ON cards (week, urgent, leads, state);
CREATE INDEX card_events_of ON card_events (week, "key");
CREATE INDEX card_events_by ON card_events (week, who);
COMMIT;
