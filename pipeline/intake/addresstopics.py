"""What a remark is about, when it has an address: a household, or something that stands in the street."""

from __future__ import annotations

import re

# people and what happens in a home: care, rent, benefits, post, quarrels, being born and dying
HOUSEHOLD = re.compile(
    r"\x01|\b(?:mevr(?:ouw)?|mw|meneer|mijnheer|dhr|hr|fam|familie|gezin\w*|echtpaar|cli[eë]nte?n?|klant|pati[eë]nte?|"
    r"bewo(?:ner|onster)s?|inwo(?:ner|onster)|huurders?|huurster|huisbaas|verhuurder|eigena(?:ar|res)|buren|buurman|"
    r"buurvrouw|moeder|vader|ouders?|oma|opa|oudere|bejaarde|dame|tante|oom|zoon|dochter|zus|broer|kind|kinderen|baby|"
    r"peuter|kleuter|tweeling|partner|ex|weduwe|weduwnaar|statushouders?|vluchteling\w*|asielzoeker\w*|studenten|"
    r"\w*zorg(?:melding|hulp|ster)?|wmo|pgb|traplift|scootmobiel|rollator|rolstoel|rolstoelhelling|douchestoel|"
    r"\w*woning|appartement|\w*flat|kamer|studio|maisonnette|kelder|kantonrechter|vonnis|zitting|"
    r"hulp|thuishulp|mantelzorg\w*|alarmknop|maaltijd\w*|medicijn\w*|huisarts|wijkverpleeg\w*|dement\w*|dementie|"
    r"eenzaam\w*|vereenzaam\w*|verwaarlo\w*|bedlegerig|overle(?:den|ed)|overlijden|gestorven|gevallen|ziek|handicap|"
    r"invalide\w*|huisbezoek\w*|keukentafel\w*|intake|huur\w*|ontruim\w*|uitgezet|uithuiszetting|dakloos|urgentie\w*|"
    r"woningruil|woningtoewijzing|uitkering\w*|bijstand\w*|toeslag\w*|schuld\w*|beslag\w*|deurwaarder|"
    r"kwijtschelding|aanslag|woz\w*|ozb|bezwaar\w*|belasting|(?:in|uit|over)geschreven|(?:in|uit|over)schrij\w*|brp|"
    r"paspoort|id-kaart|rijbewijs|briefadres|adres\w*|verhui\w*|post|brieven|brievenbus|correspondentie|"
    r"factuur|pakket\w*|bezorg\w*|sleutels?|voordeur|achterdeur|uitrit|inrit|oprit|balkon|zolder|keuken|badkamer|douche|"
    r"wc|toilet|slaapkamer|schimmel\w*|vocht\w*|cv|ketel|isolatie\w*|zonnepanelen|dakkapel|aanbouw|schutting|"
    r"ruzie\w*|schreeuw\w*|gegil|huiselijk\w*|mishandel\w*|geslagen|slaat|stalk\w*|bedreig\w*|gedeald|dealt|dealer\w*|"
    r"hennep\w*|wietplantage|prostitutie|geluidsoverlast|burenoverlast|illegale? \w*huur\w*|onderverhuur\w*|airbnb|"
    r"slaapt|slapen|alleen|thuis|kliko)\b",
    re.IGNORECASE,
)
# what stands or lies in public, and what is built
PUBLIC = re.compile(
    r"(?:lantaarn|straatverlichting|verlichting|lichtmast|tegel|stoep|trottoir|putdeksel|\bput\b|kolk|riool|"
    r"container|prullenbak|vuilnis|zwerf|grofvuil|afval|winkelwagen|\bboom\b|\bbomen\b|\btak(?:ken)?\b|plantsoen|\bberm|onkruid|"
    r"\bgat\b|kuil|wegdek|asfalt|bestrating|klinkers|verkeersbord|\bbord\b|paaltje|\bpaal\b|bankje|speeltoestel|speeltuin|"
    r"speelplaats|fietspad|stoplicht|verkeerslicht|drempel\b|zebrapad|parkeerplaats|parkeervak|laadpaal|bushalte|abri|"
    r"\bsloot|duiker|brug\b|bouwplan|nieuwbouw|\bhotel|terras|bouwput|sloop|steiger|bouwhek|winkel|restaurant|caf[eé]|"
    r"horeca|supermarkt|schoolgebouw|bedrijf|kantoor|gevonden|fietswrak|autowrak|rijplaten|graffiti|hondenpoep|"
    r"ratten|markt\b|evenement|standplaats|monument|gesloopt|erfgoed)",
    re.IGNORECASE,
)
MOST = 2  # more topics of a household say no more


def topic_points(text: str) -> int:
    """How much the rest of a remark says that an address in it is a home, 0 to 2."""
    return 0 if PUBLIC.search(text) else min(MOST, len({match.group().lower() for match in HOUSEHOLD.finditer(text)}))
