# A date and its time stay on one line.
DATE_FORMAT = "Y-m-d"
SHORT_DATE_FORMAT = "Y-m-d"
DATETIME_FORMAT = "Y-m-d\xa0H:i"
SHORT_DATETIME_FORMAT = "Y-m-d\xa0H:i"
TIME_FORMAT = "H:i"
