### Co mówimy tam, gdzie uczestnicy polecają sklep.

link-preview-title = Ktoś poleca Ci { $shop }
link-preview-text = Otwórz link i zobacz, co { $shop } ma dla Ciebie.
link-preview-go = Przejdź do { $shop }

links-settings = Linki uczestników
links-settings-text = Link taki jak { $example } prowadzi do Twojego sklepu i mówi, kto kogo przysłał. Prowadzi na tę stronę albo na inną pod adresami podanymi wyżej, i nigdzie indziej.
links-landing = Strona, na którą prowadzą linki
links-landing-hint = Z początkiem, na przykład https://shop.example/witaj. Bez niej linki prowadzą do portalu.
links-landing-keep = Zapisz
fault-landing = To nie jest adres strony: zaczyna się od https:// i nie ma w nim spacji.
action-landing-set = zmiana strony, na którą prowadzą linki uczestników
