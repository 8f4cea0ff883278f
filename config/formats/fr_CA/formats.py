# A date and its time stay on one line: a browser would break after a hyphen.
DATE_FORMAT = "Y-\u2060m-\u2060d"
SHORT_DATE_FORMAT = "Y-\u2060m-\u2060d"
DATETIME_FORMAT = "Y-\u2060m-\u2060d\xa0H:i"
SHORT_DATETIME_FORMAT = "Y-\u2060m-\u2060d\xa0H:i"
TIME_FORMAT = "H:i"
