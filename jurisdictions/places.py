"""Which clock a province or a geographic number runs on, for the countries with more than one. Data only.

Where a state or an area code lies on two clocks, both stand here: then both must be inside hours. What is not listed is
not guessed; the resolver falls back to all clocks of the country.
"""

_ET, _CT, _MT, _PT = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"
_AZ, _AK, _ADAK, _HI = "America/Phoenix", "America/Anchorage", "America/Adak", "Pacific/Honolulu"
_C_NT, _C_AT, _C_ET, _C_CT = "America/St_Johns", "America/Halifax", "America/Toronto", "America/Winnipeg"
_C_SK, _C_MT, _C_PT, _C_YT = "America/Regina", "America/Edmonton", "America/Vancouver", "America/Whitehorse"
_MADRID, _CANARY, _CEUTA = "Europe/Madrid", "Atlantic/Canary", "Africa/Ceuta"

_US_ONE = {
    _ET: "CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV",
    _CT: "AL AR IA IL LA MN MO MS OK WI",
    _MT: "CO MT NM UT WY",
    _PT: "CA WA",
    _HI: "HI",
}
_US_TWO: dict[str, tuple[str, ...]] = {
    "AK": (_AK, _ADAK),
    "AZ": (_AZ, _MT),
    "FL": (_ET, _CT),
    "ID": (_MT, _PT),
    "IN": (_ET, _CT),
    "KS": (_CT, _MT),
    "KY": (_ET, _CT),
    "MI": (_ET, _CT),
    "ND": (_CT, _MT),
    "NE": (_CT, _MT),
    "NV": (_PT, _MT),
    "OR": (_PT, _MT),
    "SD": (_CT, _MT),
    "TN": (_ET, _CT),
    "TX": (_CT, _MT),
}
_CA: dict[str, tuple[str, ...]] = {
    "AB": (_C_MT,),
    "BC": (_C_PT, _C_MT),
    "MB": (_C_CT,),
    "NB": (_C_AT,),
    "NL": (_C_NT, _C_AT),
    "NS": (_C_AT,),
    "ON": (_C_ET, _C_CT),
    "PE": (_C_AT,),
    "QC": (_C_ET, _C_AT),
    "SK": (_C_SK, _C_MT),
    "YT": (_C_YT,),
}

_US: dict[str, tuple[str, ...]] = {state: (zone,) for zone, states in _US_ONE.items() for state in states.split()}

PROVINCES: dict[str, dict[str, tuple[str, ...]]] = {
    "US": _US | _US_TWO,
    "CA": _CA,
    "ES": {"CN": (_CANARY,), "GC": (_CANARY,), "TF": (_CANARY,), "CE": (_CEUTA,), "ML": (_CEUTA,)},
    "PT": {"20": ("Atlantic/Azores",), "30": ("Atlantic/Madeira",)},
}
"""Country -> ISO 3166-2 subdivision without the country -> clocks."""

REST_OF_COUNTRY: dict[str, tuple[str, ...]] = {"ES": (_MADRID,), "PT": ("Europe/Lisbon",)}
"""Where a few provinces are the exception, the clock of every other one."""

AREA_CODES: dict[str, dict[str, tuple[str, ...]]] = {
    "US": {
        code: (zone,)
        for zone, codes in {
            _ET: "201 202 203 207 212 215 216 239 240 267 301 302 305 315 330 339 347 351 401 404 407 410 412 413 419 "
            "434 440 443 470 475 484 508 513 516 518 540 551 561 570 571 585 603 607 609 610 614 617 631 646 703 704 "
            "706 716 717 718 724 727 732 740 754 757 770 772 774 781 786 802 803 804 813 814 828 843 845 848 856 857 "
            "860 862 863 864 878 904 908 910 914 917 919 929 937 941 954 959 973 978 980 984",
            _CT: "205 214 217 218 224 225 251 254 256 262 281 309 312 314 318 319 320 331 337 361 402 405 414 417 "
            "469 479 501 504 507 515 563 573 580 601 608 612 615 618 630 636 641 651 662 682 708 712 713 715 731 763 "
            "769 773 779 815 816 817 830 832 847 870 872 901 903 918 920 936 940 952 956 972 979 985",
            _MT: "303 307 385 406 435 505 575 719 720 801 970",
            _PT: "206 209 213 253 310 323 360 408 415 424 425 503 509 510 530 559 562 619 626 650 657 661 702 707 714 "
            "725 747 760 805 818 831 858 909 916 925 949 951 971",
            _AZ: "480 520 602 623",
            _HI: "808",
        }.items()
        for code in codes.split()
    }
    | {
        "208": (_MT, _PT),
        "270": (_ET, _CT),
        "308": (_CT, _MT),
        "334": (_ET, _CT),
        "541": (_PT, _MT),
        "605": (_CT, _MT),
        "620": (_CT, _MT),
        "701": (_CT, _MT),
        "775": (_PT, _MT),
        "785": (_CT, _MT),
        "812": (_ET, _CT),
        "850": (_ET, _CT),
        "906": (_ET, _CT),
        "907": (_AK, _ADAK),
        "915": (_MT,),
        "928": (_AZ, _MT),
        "931": (_ET, _CT),
    },
    "CA": {
        "204": (_C_CT,),
        "403": (_C_MT,),
        "416": (_C_ET,),
        "418": (_C_ET, _C_AT),
        "437": (_C_ET,),
        "438": (_C_ET,),
        "506": (_C_AT,),
        "514": (_C_ET,),
        "604": (_C_PT,),
        "613": (_C_ET,),
        "647": (_C_ET,),
        "709": (_C_NT, _C_AT),
        "780": (_C_MT,),
        "902": (_C_AT,),
        "905": (_C_ET,),
    },
    "ES": {"828": (_CANARY,), "922": (_CANARY,), "928": (_CANARY,), "822": (_CANARY,)},
}
"""Country -> first three digits of the national number -> clocks, for fixed lines."""

REST_OF_FIXED_LINES: dict[str, tuple[str, ...]] = {"ES": (_MADRID, _CEUTA)}
"""Where a few area codes are the exception, the clocks of every other fixed line."""
