"""Column names creditors use for our fields, folded, in English, Romanian, Italian, Czech and Lithuanian."""

SYNONYMS: dict[str, str] = {
    "contract_no": (
        "contract nr|nr contract|numar contract|contract no|contract number|contract|contract id|loan id"
        "|loan identifier|instrument identifier|invoice number|invoice no|invoicenumber|account number"
        "|numero contratto|contratto|n contratto|cislo smlouvy|smlouva|sutarties nr|sutarties numeris"
        "|sutartis|nr credit|credit nr|id credit|dosar|case number|reference|cod contract|numero pratica"
    ),
    "debtor_reference": (
        "cod client|client id|customer id|customerid|id client|customer number|codice cliente|cislo klienta"
        "|kliento nr|kliento kodas|debtor id|account id|counterparty identifier|borrower id|marca client"
    ),
    "debtor_name": (
        "debtor|debitor|name|full name|debtor name|client|customer|customer name|abonat|nume si prenume"
        "|nume prenume|nume client|numele|denumire|debitore|nominativo|cliente|dluznik|klient"
        "|jmeno a prijmeni|skolininkas|klientas|vardas pavarde|borrower|borrower name|name of counterparty"
        "|titular"
    ),
    "last_name": "nume|last name|surname|cognome|cognome o ragione sociale|prijmeni|pavarde|nume de familie",
    "first_name": "prenume|first name|given name|nome|jmeno|vardas",
    "debtor_kind": "tip client|person or company|tip persoana|tipo cliente|typ klienta|tipas|borrower type",
    "national_id": (
        "idnp|cnp|cnp cui|idno|cui|codice fiscale|cf|partita iva|rodne cislo|rc|ico|asmens kodas|imones kodas"
        "|national id|personal id|personal number|birth number|id number|cod fiscal|cod numeric personal"
        "|tax id"
    ),
    "birth_on": ("data nasterii|birth date|date of birth|born on|data di nascita|datum narozeni|gimimo data|birthday"),
    "language": "limba|language|lingua|jazyk|kalba",
    "employer_name": ("angajator|employer|datore di lavoro|zamestnavatel|darboviete|darbdavys|loc de munca|emp title"),
    "monthly_income": "venit|venit lunar|income|monthly income|reddito|prijem|pajamos|salariu",
    "phone": (
        "telefon|telefoane|telefon mobil|telefon fix|telefon 2|telefon 1|telefon acasa|phone|phones|mobile"
        "|mobile phone|home phone|phone number|mobil|cellulare|telefono|telefonas|tel|tel nr|mob tel"
        "|numar telefon|nr telefon|recapito telefonico|telefonni cislo"
    ),
    "employer_phone": (
        "telefon angajator|employer phone|work phone|telefon serviciu|telefono datore di lavoro"
        "|telefon zamestnavatele|darbovietes telefonas|telefon la serviciu"
    ),
    "email": "e mail|email|mail|posta elettronica|el pastas|e paštas|adresa e mail",
    "address": "adresa|address|indirizzo completo|full address|adresa completa|adresa domiciliu|adresas|bydliste",
    "street": "strada|street|ulice|indirizzo|gatve|adresas gatve|via|street and number|strada si numarul",
    "city": "localitatea|oras|city|town|citta|comune|obec|mesto|miestas|adresas miestas|localitate",
    "postal_code": "cod postal|postal code|postcode|zip|cap|psc|pasto kodas|adresas pasto kodas",
    "region": "judet|region|county|provincia|kraj|okres|apskritis|raion|state",
    "country": "tara|country|country code|paese|stat|salis",
    "codebtor_name": "codebitor|co debtor|codebtor|coobbligato|spoludluznik|bendraskolis|co borrower",
    "codebtor_national_id": (
        "idnp codebitor|cnp codebitor|codice fiscale coobbligato|rodne cislo spoludluznika|bendraskolio kodas"
    ),
    "codebtor_phone": (
        "telefon codebitor|co debtor phone|telefono coobbligato|telefon spoludluznika|bendraskolio telefonas"
    ),
    "guarantor_name": "fidejusor|garant|guarantor|garante|fideiussore|rucitel|laiduotojas|girant|guarantor name",
    "guarantor_national_id": (
        "idnp fidejusor|cnp garant|cnp fidejusor|codice fiscale garante|rodne cislo rucitele|laiduotojo kodas"
    ),
    "guarantor_phone": (
        "telefon fidejusor|telefon garant|guarantor phone|telefono garante|telefon rucitele|laiduotojo telefonas"
    ),
    "guarantor_address": "adresa fidejusor|adresa garant|guarantor address|indirizzo garante|adresa rucitele",
    "mortgage_guarantor_name": "garant ipotecar|mortgage guarantor|garante ipotecario|zastavce|ikeitejas",
    "mortgage_guarantor_phone": "telefon garant ipotecar|mortgage guarantor phone",
    "branch": "filiala|branch|sucursala|filiale|pobocka|filialas|agentia|unitate|agenzia",
    "product": "produs|product|prodotto|produkt|produktas|product type|tip credit|loan purpose|tip produs",
    "original_creditor": (
        "creditor initial|creditorul initial|creditor original|banca initiala|cedent|original creditor|original lender"
        "|originator|creditore originario|creditore originale|cedente|puvodni veritel|puvodni vlastnik|postupitel"
        "|pradinis kreditorius|pirminis kreditorius|cedentas"
    ),
    "currency": "valuta|moneda|currency|divisa|mena|valiuta|ccy|loan currency",
    "total": (
        "total|sold|sold total|suma datorata|total owed|amount|balance|amount due|total due|debt"
        "|invoice amount|invoiceamount|totale|importo|importo dovuto|saldo|celkem|dluzna castka|zustatek|suma"
        "|skola|likutis|datorie|suma totala|outstanding|total balance|dluh"
    ),
    "principal": (
        "principal|sold principal|capital|capitale|jistina|pagrindine suma|principal balance|credit principal"
    ),
    "interest": "dobanda|interest|interessi|urok|palukanos|dobanzi|interest due",
    "penalty": (
        "penalitate|penalitati|penalty|penalties|mora|interessi di mora|urok z prodleni|delspinigiai"
        "|smluvni pokuta|late fees"
    ),
    "fees": "comision|comisioane|fees|commissioni|poplatky|mokesciai|taxe|fee",
    "costs": "cheltuieli|costs|spese|naklady|islaidos|cheltuieli de recuperare",
    "overdue": (
        "restanta|suma restanta|overdue|arrears|past due amount|scaduto|po splatnosti|pradelsta suma"
        "|total pastdue amount"
    ),
    "original_instalment": (
        "rata|rata lunara|rata initiala|instalment|installment|monthly payment|splatka|menesio imoka|imoka|payments"
    ),
    "due_on": (
        "data scadentei|scadenta|scadent|scadent din|due date|duedate|data scadenza|scadenza|datum splatnosti"
        "|splatnost|mokejimo terminas|terminas|oldest due|oldest due date|restant din"
        "|prima scadenta neplatita"
    ),
    "days_past_due": (
        "zile restanta|zile intarziere|dpd|days past due|days late|dayslate|giorni di ritardo"
        "|dny po splatnosti|dni po splatnosti|veluojama dienu|days in pastdue|intarziere zile"
    ),
    "maturity_on": (
        "maturitate|maturity|maturity date|data finala|scadenza finale|konecna splatnost|current maturity date"
    ),
    "contract_signed_on": (
        "data contractului|data semnarii|data contract|contract date|signed on|data contratto|datum smlouvy"
        "|sutarties data|date of origination|invoice date|invoicedate|origination date|datum podpisu"
    ),
    "contract_status": "stare contract|contract status|stato contratto|stav smlouvy|sutarties busena",
    "secured": "garantat|secured|ipoteca|garantito|zajisteno|uztikrinta",
    "collateral": "gaj|collateral|garantie|garanzia|predmet|zastava|ikeistas turtas|bun|obiect leasing",
    "accelerated": "declarat scadent|scadent anticipat|accelerated|decaduto dal termine|zesplatneno",
    "accelerated_on": (
        "data scadentei anticipate|data accelerarii|accelerated on|data decadenza|datum zesplatneni|charge off date"
    ),
    "source_accelerated": "accelerat in sistem|accelerated in system|accelerato a sistema",
    "assignment_notice_on": (
        "data notificarii cesiunii|data notificarii|notice of assignment|assignment notice date"
        "|data comunicazione cessione|data notifica cessione|datum oznameni postoupeni"
        "|pranesimo apie perleidima data|notificare cesiune"
    ),
    "codebtor_notice_on": "data notificarii codebitorului",
    "guarantor_notice_on": "data notificarii garantului|data notificarii fidejusorului",
    "status": "stare|status|stato|stav|busena|loan status|situatie|cod special|disputed|contestat",
    "settled_on": "data achitarii|paid on|settled date|settleddate|closed on|data pagamento|datum uhrady|apmoketa",
}
