<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="it_IT" sourcelanguage="en">
  <context>
    <name>Tapetum</name>
    <message>
      <location filename="gui/actions/alarms.py" />
      <location filename="gui/alarms/alarm_bar.py" />
      <source>Acknowledge</source>
      <translation>Conferma</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Say that you have seen the alarm in the bar: its sound and its blinking end.</source>
      <translation>Dici che hai visto l'allarme nella barra: il suono e il lampeggio finiscono.</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Acknowledge all</source>
      <translation>Conferma tutti</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <location filename="gui/alarms/alarm_list.py" />
      <source>Say that you have seen all alarms.</source>
      <translation>Dici che hai visto tutti gli allarmi.</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Show the alarm's moment</source>
      <translation>Mostra il momento dell'allarme</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Go to the picture, or the moment of the recording, that the alarm in the bar is of.</source>
      <translation>Va all'immagine, o al momento della registrazione, a cui si riferisce l'allarme nella barra.</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>All alarms</source>
      <translation>Tutti gli allarmi</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>List all alarms, those that are over, too; acknowledge them, and set the sound.</source>
      <translation>Elenca tutti gli allarmi, anche quelli finiti; li conferma e regola il suono.</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Rules …</source>
      <translation>Regole …</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Choose what makes alarms of the signals: a driver who falls asleep, somebody who comes close.</source>
      <translation>Scegli che cosa fa dei segnali un allarme: un guidatore che si addormenta, qualcuno che si avvicina.</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Rules over this recording …</source>
      <translation>Regole su questa registrazione …</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Choose rules and see on the time line what they make of the whole recording, which is not changed.</source>
      <translation>Scegli delle regole e vedi sulla linea del tempo che cosa trovano in tutta la registrazione, che non viene cambiata.</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Sound off for 1 minute</source>
      <translation>Suono spento per 1 minuto</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>No sound of alarms for one minute, but of a new severe one.</source>
      <translation>Nessun suono di allarme per un minuto, tranne per uno nuovo e grave.</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Sound off for 5 minutes</source>
      <translation>Suono spento per 5 minuti</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>No sound of alarms for five minutes, but of a new severe one.</source>
      <translation>Nessun suono di allarme per cinque minuti, tranne per uno nuovo e grave.</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Sound off for 15 minutes</source>
      <translation>Suono spento per 15 minuti</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>No sound of alarms for a quarter of an hour, but of a new severe one.</source>
      <translation>Nessun suono di allarme per un quarto d'ora, tranne per uno nuovo e grave.</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Sound off for 1 hour</source>
      <translation>Suono spento per 1 ora</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>No sound of alarms for an hour, but of a new severe one.</source>
      <translation>Nessun suono di allarme per un'ora, tranne per uno nuovo e grave.</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <location filename="gui/alarms/alarm_bar.py" />
      <source>Sound on</source>
      <translation>Suono acceso</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Alarms are heard again.</source>
      <translation>Gli allarmi si sentono di nuovo.</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Bar off for 5 minutes</source>
      <translation>Barra spenta per 5 minuti</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Alarms only count in the bar for five minutes, but for a new severe one.</source>
      <translation>Per cinque minuti nella barra gli allarmi sono solo contati, tranne uno nuovo e grave.</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <location filename="gui/alarms/alarm_bar.py" />
      <source>Bar on</source>
      <translation>Barra accesa</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Alarms stand large in the bar again.</source>
      <translation>Gli allarmi tornano grandi nella barra.</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Test the sound</source>
      <translation>Prova il suono</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Play the sound of a severe alarm once.</source>
      <translation>Fa sentire una volta il suono di un allarme grave.</translation>
    </message>
    <message>
      <location filename="gui/actions/habits_part.py" />
      <source>text size {percent} %</source>
      <translation>dimensione del testo {percent} %</translation>
    </message>
    <message>
      <location filename="gui/actions/habits_part.py" />
      <source>The language changes when the window is opened anew.</source>
      <translation>La lingua cambia quando la finestra viene riaperta.</translation>
    </message>
    <message>
      <location filename="gui/actions/habits_part.py" />
      <source>The settings file {path} is broken ({why}). It is kept as {aside}; the window begins with its defaults.</source>
      <translation>Il file delle impostazioni {path} è danneggiato ({why}). Viene conservato come {aside}; la finestra parte con i valori predefiniti.</translation>
    </message>
    <message>
      <location filename="gui/actions/habits_part.py" />
      <source>The settings file {path} cannot be read ({why}); the window begins with its defaults.</source>
      <translation>Il file delle impostazioni {path} non può essere letto ({why}); la finestra parte con i valori predefiniti.</translation>
    </message>
    <message>
      <location filename="gui/actions/habits_part.py" />
      <source>The settings cannot be saved to {path} ({why}); what you change is forgotten when the window closes.</source>
      <translation>Le impostazioni non possono essere salvate in {path} ({why}); ciò che cambi va perso alla chiusura della finestra.</translation>
    </message>
    <message>
      <location filename="gui/actions/help.py" />
      <source>Night</source>
      <translation>Notte</translation>
    </message>
    <message>
      <location filename="gui/actions/help.py" />
      <source>Show the window in dim red, so that the eyes stay used to the dark; or go back.</source>
      <translation>Mostra la finestra in rosso tenue, perché gli occhi restino abituati al buio; o torna indietro.</translation>
    </message>
    <message>
      <location filename="gui/actions/help.py" />
      <source>Larger text</source>
      <translation>Testo più grande</translation>
    </message>
    <message>
      <location filename="gui/actions/help.py" />
      <source>Make all words larger, up to twice their size.</source>
      <translation>Ingrandisce tutte le parole, fino al doppio.</translation>
    </message>
    <message>
      <location filename="gui/actions/help.py" />
      <source>Smaller text</source>
      <translation>Testo più piccolo</translation>
    </message>
    <message>
      <location filename="gui/actions/help.py" />
      <source>Make all words smaller.</source>
      <translation>Rimpicciolisce tutte le parole.</translation>
    </message>
    <message>
      <location filename="gui/actions/help.py" />
      <source>Usual text size</source>
      <translation>Testo normale</translation>
    </message>
    <message>
      <location filename="gui/actions/help.py" />
      <source>Give all words their usual size.</source>
      <translation>Riporta tutte le parole alla dimensione normale.</translation>
    </message>
    <message>
      <location filename="gui/actions/help.py" />
      <source>Settings …</source>
      <translation>Impostazioni …</translation>
    </message>
    <message>
      <location filename="gui/actions/help.py" />
      <source>Change the units, the theme, the language, the keys and what else is remembered.</source>
      <translation>Cambia le unità, il tema, la lingua, i tasti e quant'altro viene ricordato.</translation>
    </message>
    <message>
      <location filename="gui/actions/help.py" />
      <location filename="gui/actions/palette.py" />
      <source>Commands</source>
      <translation>Comandi</translation>
    </message>
    <message>
      <location filename="gui/actions/help.py" />
      <source>Type some letters of what you want to do, and do it.</source>
      <translation>Scrivi alcune lettere di ciò che vuoi fare, e fallo.</translation>
    </message>
    <message>
      <location filename="gui/actions/help.py" />
      <location filename="gui/actions/help_dialog.py" />
      <location filename="gui/actions/table.py" />
      <source>Help</source>
      <translation>Aiuto</translation>
    </message>
    <message>
      <location filename="gui/actions/help.py" />
      <source>Show what can be done and with which keys.</source>
      <translation>Mostra che cosa si può fare e con quali tasti.</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>Double-click a picture to see it large. The wheel zooms; dragging moves; Esc shows all of it.</source>
      <translation>Un doppio clic su un'immagine la mostra grande. La rotella ingrandisce; trascinando la si sposta; Esc la mostra tutta.</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>Blue is measured.</source>
      <translation>Il blu è misurato.</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>Orange needs your attention, or was GENERATED: a model imagined it.</source>
      <translation>L'arancione richiede la tua attenzione, oppure è GENERATED: l'ha immaginato un modello.</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>Keys and help</source>
      <translation>Tasti e aiuto</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>Search</source>
      <translation>Cerca</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>Search the help</source>
      <translation>Cerca nell'aiuto</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>Some letters of what you want to do, or a key</source>
      <translation>Alcune lettere di ciò che vuoi fare, o un tasto</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>ticks above the line</source>
      <translation>tacche sopra la linea</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>events</source>
      <translation>eventi</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>flags</source>
      <translation>bandierine</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>bookmarks</source>
      <translation>segnalibri</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>hatched holes</source>
      <translation>vuoti tratteggiati</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>pauses of the cameras</source>
      <translation>pause delle telecamere</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>orange ticks below the line</source>
      <translation>tacche arancioni sotto la linea</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>frames that the recording lacks</source>
      <translation>fotogrammi che mancano nella registrazione</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>orange ticks through the line</source>
      <translation>tacche arancioni attraverso la linea</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>frames that differ from what was recorded</source>
      <translation>fotogrammi diversi da quanto registrato</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>gray ticks through the line</source>
      <translation>tacche grigie attraverso la linea</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>differences where tracking began elsewhere</source>
      <translation>differenze dove l'inseguimento è cominciato altrove</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>an orange bar</source>
      <translation>una barra arancione</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>what cannot be read</source>
      <translation>ciò che non si può leggere</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>the broad pale band, with Compare on</source>
      <translation>la fascia larga e chiara, con Confronta attivo</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>what was recorded; the line is computed now</source>
      <translation>quanto fu registrato; la linea è calcolata ora</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <location filename="gui/actions/palette.py" />
      <source>Nothing is called that.</source>
      <translation>Nulla si chiama così.</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>bright ticks below the line</source>
      <translation>tacche chiare sotto la linea</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>bright ticks through the line</source>
      <translation>tacche chiare attraverso la linea</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>dim ticks through the line</source>
      <translation>tacche scure attraverso la linea</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>a bright bar</source>
      <translation>una barra chiara</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>the broad band, with Compare on</source>
      <translation>la fascia larga, con Confronta attivo</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>The time line</source>
      <translation>La linea del tempo</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>At night all is red: the brightest needs your attention.</source>
      <translation>Di notte tutto è rosso: ciò che è più luminoso richiede la tua attenzione.</translation>
    </message>
    <message>
      <location filename="gui/actions/keys.py" />
      <source>{tip} ({keys})</source>
      <translation>{tip} ({keys})</translation>
    </message>
    <message>
      <location filename="gui/actions/keys.py" />
      <source>{words} ({keys})</source>
      <translation>{words} ({keys})</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <source>Actions and their keys</source>
      <translation>Azioni e loro tasti</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <source>Choose an action, and press the key that it should have</source>
      <translation>Scegli un'azione e premi il tasto che deve avere</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <source>New key</source>
      <translation>Nuovo tasto</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <source>Press the key that the action should have</source>
      <translation>Premi il tasto che l'azione deve avere</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <source>Give</source>
      <translation>Assegna</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <source>Give the action this key in place of those it has</source>
      <translation>Dà all'azione questo tasto al posto di quelli che ha</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <source>No key</source>
      <translation>Nessun tasto</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <source>Take all keys from the action</source>
      <translation>Toglie tutti i tasti all'azione</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <source>Usual keys</source>
      <translation>Tasti abituali</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <source>The keys that the action had at first</source>
      <translation>I tasti che l'azione aveva all'inizio</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <location filename="gui/replay/note_dialog.py" />
      <location filename="gui/work/bookmark.py" />
      <source>Note</source>
      <translation>Nota</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <source>“{action}” has {keys} now.</source>
      <translation>“{action}” ora ha {keys}.</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <source>All actions have their usual keys.</source>
      <translation>Tutte le azioni hanno i loro tasti abituali.</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <source>Action</source>
      <translation>Azione</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <location filename="gui/actions/settings_table.py" />
      <source>Keys</source>
      <translation>Tasti</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <source>{keys} belongs to “{action}”.</source>
      <translation>{keys} appartiene a “{action}”.</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <source>Take it</source>
      <translation>Prendilo</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <source>“{action}” has no key now.</source>
      <translation>“{action}” ora non ha alcun tasto.</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>All overlays</source>
      <translation>Tutte le sovrimpressioni</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Take everything off the pictures, or put back what was on.</source>
      <translation>Toglie tutto dalle immagini, o rimette ciò che c'era.</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Box</source>
      <translation>Riquadro</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Show the box round each face.</source>
      <translation>Mostra il riquadro attorno a ogni volto.</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Label</source>
      <translation>Etichetta</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Show the number of each face.</source>
      <translation>Mostra il numero di ogni volto.</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Distance</source>
      <translation>Distanza</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Show how far each face is, in metres.</source>
      <translation>Mostra a che distanza è ogni volto, in metri.</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Confidence</source>
      <translation>Confidenza</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Show how sure it is that this is a face.</source>
      <translation>Mostra quanto è sicuro che questo sia un volto.</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Points</source>
      <translation>Punti</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Show the 68 landmarks; unsure ones are hollow.</source>
      <translation>Mostra i 68 punti del volto; quelli incerti sono vuoti.</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Pose</source>
      <translation>Posa</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Show the head's axes and its yaw, pitch and roll.</source>
      <translation>Mostra gli assi della testa e i suoi angoli di imbardata, beccheggio e rollio.</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Eyes</source>
      <translation>Occhi</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Show whether each eye is open, and how far.</source>
      <translation>Mostra se ogni occhio è aperto, e quanto.</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <location filename="gui/actions/settings_table.py" />
      <source>Temperature</source>
      <translation>Temperatura</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Show the warmest skin of each face (95th percentile), where a radiometric camera looks at it.</source>
      <translation>Mostra la pelle più calda di ogni volto (95° percentile), dove la guarda una telecamera radiometrica.</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Signals</source>
      <translation>Segnali</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Show what is measured of each person over time.</source>
      <translation>Mostra ciò che si misura di ogni persona nel tempo.</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Reasons</source>
      <translation>Motivi</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Say why something is not known.</source>
      <translation>Dice perché qualcosa non è noto.</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Generated</source>
      <translation>Generate</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Show the generated images beside each face. They always carry the word GENERATED.</source>
      <translation>Mostra le immagini generate accanto a ogni volto. Recano sempre la parola GENERATED.</translation>
    </message>
    <message>
      <location filename="gui/actions/palette.py" />
      <source>This cannot be done now.</source>
      <translation>Ora non si può fare.</translation>
    </message>
    <message>
      <location filename="gui/actions/palette.py" />
      <source>What do you want to do?</source>
      <translation>Che cosa vuoi fare?</translation>
    </message>
    <message>
      <location filename="gui/actions/palette.py" />
      <source>Search the actions</source>
      <translation>Cerca le azioni</translation>
    </message>
    <message>
      <location filename="gui/actions/palette.py" />
      <source>Some letters of what you want to do; arrows choose, Enter runs, Esc closes</source>
      <translation>Alcune lettere di ciò che vuoi fare; le frecce scelgono, Invio esegue, Esc chiude</translation>
    </message>
    <message>
      <location filename="gui/actions/palette.py" />
      <source>Actions</source>
      <translation>Azioni</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <location filename="gui/actions/table.py" />
      <source>Replay</source>
      <translation>Riproduzione</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Play or pause</source>
      <translation>Riproduci o pausa</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Play the recording, or pause it.</source>
      <translation>Riproduce la registrazione, o la mette in pausa.</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Step back</source>
      <translation>Un passo indietro</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Pause and go back by one frame.</source>
      <translation>Mette in pausa e torna indietro di un fotogramma.</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Step forward</source>
      <translation>Un passo avanti</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Pause and go on by one frame.</source>
      <translation>Mette in pausa e va avanti di un fotogramma.</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Back 10 frames</source>
      <translation>Indietro di 10 fotogrammi</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Pause and go back by ten frames.</source>
      <translation>Mette in pausa e torna indietro di dieci fotogrammi.</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>On 10 frames</source>
      <translation>Avanti di 10 fotogrammi</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Pause and go on by ten frames.</source>
      <translation>Mette in pausa e va avanti di dieci fotogrammi.</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>First frame</source>
      <translation>Primo fotogramma</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Go to the first frame.</source>
      <translation>Va al primo fotogramma.</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Last frame</source>
      <translation>Ultimo fotogramma</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Go to the last frame.</source>
      <translation>Va all'ultimo fotogramma.</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Go to …</source>
      <translation>Vai a …</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Type a time, a frame number or an event to go to.</source>
      <translation>Scrivi un tempo, un numero di fotogramma o un evento a cui andare.</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Previous event</source>
      <translation>Evento precedente</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Go back to where an event begins.</source>
      <translation>Torna all'inizio di un evento.</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Next event</source>
      <translation>Evento successivo</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Go on to where an event begins.</source>
      <translation>Va avanti all'inizio di un evento.</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <location filename="gui/replay/replay_control.py" />
      <source>Events</source>
      <translation>Eventi</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>List the events of the recording, to go to one of them.</source>
      <translation>Elenca gli eventi della registrazione, per andare a uno di essi.</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Slower</source>
      <translation>Più lento</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Play at the next lower speed.</source>
      <translation>Riproduce alla velocità inferiore.</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Faster</source>
      <translation>Più veloce</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Play at the next higher speed.</source>
      <translation>Riproduce alla velocità superiore.</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Loop</source>
      <translation>Ciclo</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Begin again at the end of the recording, or of the part.</source>
      <translation>Ricomincia alla fine della registrazione, o della parte.</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Loop from here</source>
      <translation>Ciclo da qui</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Loop over a part that begins at this frame.</source>
      <translation>Ripete una parte che comincia da questo fotogramma.</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Loop to here</source>
      <translation>Ciclo fino a qui</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Loop over a part that ends at this frame.</source>
      <translation>Ripete una parte che finisce a questo fotogramma.</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Loop over everything</source>
      <translation>Ciclo su tutto</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Forget the part.</source>
      <translation>Dimentica la parte.</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Bookmark</source>
      <translation>Segnalibro</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Keep this moment of the recording as a bookmark. It stands beside the recording, which is not changed.</source>
      <translation>Tiene questo momento della registrazione come segnalibro. Sta accanto alla registrazione, che non viene modificata.</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Bookmark with a note …</source>
      <translation>Segnalibro con nota …</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Keep this moment as a bookmark and type a note; the moment stays that of the key.</source>
      <translation>Tiene questo momento come segnalibro e permette di scrivere una nota; il momento resta quello del tasto.</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Previous bookmark</source>
      <translation>Segnalibro precedente</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Go back to a bookmark.</source>
      <translation>Torna a un segnalibro.</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Next bookmark</source>
      <translation>Segnalibro successivo</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Go on to a bookmark.</source>
      <translation>Va avanti a un segnalibro.</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <location filename="gui/replay/tracks_area.py" />
      <location filename="gui/replay/tracks_view.py" />
      <source>Signals over time</source>
      <translation>Segnali nel tempo</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Show the signals of the faces over the recorded time.</source>
      <translation>Mostra i segnali dei volti lungo il tempo registrato.</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Choose signals …</source>
      <translation>Scegli i segnali …</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Choose which signals stand above the time line.</source>
      <translation>Sceglie quali segnali stanno sopra la linea del tempo.</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Show less time</source>
      <translation>Mostra meno tempo</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Stretch the time line round the frame that is shown; the wheel does so where the mouse is.</source>
      <translation>Allarga la linea del tempo attorno al fotogramma mostrato; la rotella lo fa dove sta il mouse.</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Show more time</source>
      <translation>Mostra più tempo</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Shrink the time line round the frame that is shown.</source>
      <translation>Restringe la linea del tempo attorno al fotogramma mostrato.</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Look earlier</source>
      <translation>Guarda prima</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Move the time line back without going there.</source>
      <translation>Sposta indietro la linea del tempo senza andarci.</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Look later</source>
      <translation>Guarda dopo</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Move the time line on without going there.</source>
      <translation>Sposta avanti la linea del tempo senza andarci.</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Show all of the time</source>
      <translation>Mostra tutto il tempo</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>The time line shows the whole recording.</source>
      <translation>La linea del tempo mostra tutta la registrazione.</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Compare</source>
      <translation>Confronta</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Show what was recorded beside what is computed now, and how far they lie apart.</source>
      <translation>Mostra ciò che fu registrato accanto a ciò che si calcola ora, e quanto distano.</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Previous difference</source>
      <translation>Differenza precedente</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Go back to a frame that differs from what was recorded, of those that were compared.</source>
      <translation>Torna a un fotogramma che differisce da ciò che fu registrato, tra quelli confrontati.</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Next difference</source>
      <translation>Differenza successiva</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Go on to a frame that differs from what was recorded, of those that were compared.</source>
      <translation>Va avanti a un fotogramma che differisce da ciò che fu registrato, tra quelli confrontati.</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>What this event rests on</source>
      <translation>Su che cosa si basa questo evento</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Show the signals that a rule made the event here of, and the time before and after it.</source>
      <translation>Mostra i segnali da cui una regola ha tratto questo evento, e il tempo prima e dopo.</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Clip round this event …</source>
      <translation>Clip attorno a questo evento …</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Mark the part from before to after the event that is here, and export it.</source>
      <translation>Marca la parte da prima a dopo l'evento che è qui, e la esporta.</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <location filename="gui/work/record_dialog.py" />
      <location filename="gui/work/recording.py" />
      <source>Record</source>
      <translation>Registra</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Record from this moment on, or end the recording. Nothing is asked: the name is said.</source>
      <translation>Registra da questo momento, o termina la registrazione. Non si chiede nulla: il nome viene detto.</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Save the last seconds</source>
      <translation>Salva gli ultimi secondi</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Save the last seconds, which are in memory, as a recording of their own.</source>
      <translation>Salva gli ultimi secondi, che sono in memoria, come registrazione a sé.</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Record as …</source>
      <translation>Registra come …</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Choose folder, name and profile of a recording, and see how long the disk lasts.</source>
      <translation>Scegli cartella, nome e profilo di una registrazione, e vedi quanto dura il disco.</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Mark</source>
      <translation>Marca</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Mark this moment: in the recording, with a clip where it has clips, and in the last seconds.</source>
      <translation>Marca questo momento: nella registrazione, con un clip dove ci sono clip, e negli ultimi secondi.</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Mark with a note …</source>
      <translation>Marca con nota …</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Mark this moment and type a note; the time stays that of the key.</source>
      <translation>Marca questo momento e permette di scrivere una nota; il tempo resta quello del tasto.</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Snapshot</source>
      <translation>Istantanea</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Save this moment: each stream without loss, what is known of it, and the window as it is seen.</source>
      <translation>Salva questo momento: ogni flusso senza perdita, ciò che se ne sa, e la finestra come si vede.</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Snapshot as …</source>
      <translation>Istantanea come …</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Save this moment in a folder of your choice.</source>
      <translation>Salva questo momento in una cartella a tua scelta.</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <location filename="gui/work/welcome.py" />
      <source>Open …</source>
      <translation>Apri …</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Open a recording of this program, or import one of another. Files can be dropped on the window, too.</source>
      <translation>Apre una registrazione di questo programma, o ne importa una di un altro. I file si possono anche trascinare sulla finestra.</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Open a folder …</source>
      <translation>Apri una cartella …</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Import a folder of images or a data set, or process all sessions in a folder.</source>
      <translation>Importa una cartella di immagini o un insieme di dati, o elabora tutte le sessioni di una cartella.</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Open recent</source>
      <translation>Apri recenti</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Recordings that were shown before.</source>
      <translation>Registrazioni mostrate in precedenza.</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Cameras …</source>
      <translation>Telecamere …</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Choose which cameras are shown, or a rig of several.</source>
      <translation>Scegli quali telecamere mostrare, o un rig di più telecamere.</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Export …</source>
      <translation>Esporta …</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Write the marked part of this recording, or all of it: as a session, video, images, tables or ROS 2.</source>
      <translation>Scrive la parte marcata di questa registrazione, o tutta: come sessione, video, immagini, tabelle o ROS 2.</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <location filename="gui/work/task_words.py" />
      <source>Verify</source>
      <translation>Verifica</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Check every frame of this recording, and compute stored results again to compare.</source>
      <translation>Controlla ogni fotogramma di questa registrazione, e ricalcola i risultati salvati per confrontarli.</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Recover …</source>
      <translation>Recupera …</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Save what can be read of this recording where it is torn or damaged.</source>
      <translation>Salva ciò che si può leggere di questa registrazione dove è troncata o danneggiata.</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Process many …</source>
      <translation>Elabora molte …</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Process many sessions without a screen: tables of results and videos.</source>
      <translation>Elabora molte sessioni senza schermo: tabelle di risultati e video.</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Calibrate cameras …</source>
      <translation>Calibra le telecamere …</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Find lenses and places of cameras with a printed board.</source>
      <translation>Trova obiettivi e posizioni delle telecamere con una tavola stampata.</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <location filename="gui/work/task_words.py" />
      <source>Build engines</source>
      <translation>Compila i motori</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Build engines for this machine, so that models run faster on it.</source>
      <translation>Compila motori per questa macchina, perché i modelli vi girino più veloci.</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <location filename="gui/work/task_panel.py" />
      <source>Tasks</source>
      <translation>Attività</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Show or hide long work: how far it is, how long it takes, what came of it.</source>
      <translation>Mostra o nasconde il lavoro lungo: a che punto è, quanto dura, che cosa ne è venuto.</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Quit</source>
      <translation>Esci</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Close the window and stop.</source>
      <translation>Chiude la finestra e termina.</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_dialog.py" />
      <source>Settings</source>
      <translation>Impostazioni</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_dialog.py" />
      <source>Pages</source>
      <translation>Pagine</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_dialog.py" />
      <source>What can be set</source>
      <translation>Che cosa si può impostare</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_dialog.py" />
      <source>Defaults</source>
      <translation>Predefiniti</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_dialog.py" />
      <source>Set everything on this page as it was at first</source>
      <translation>Riporta tutto in questa pagina com'era all'inizio</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_dialog.py" />
      <location filename="gui/status/engines_dialog.py" />
      <location filename="gui/tiles/layout_dialog.py" />
      <location filename="gui/work/welcome.py" />
      <source>Close</source>
      <translation>Chiudi</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_dialog.py" />
      <source>What was changed holds already</source>
      <translation>Ciò che è stato cambiato vale già</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_dialog.py" />
      <location filename="gui/alarms/rules_dialog.py" />
      <location filename="gui/work/fields.py" />
      <location filename="gui/work/record_dialog.py" />
      <source>Choose …</source>
      <translation>Scegli …</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_dialog.py" />
      <source>Choose a folder</source>
      <translation>Scegli una cartella</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <location filename="gui/actions/view.py" />
      <location filename="gui/looks/look_dock.py" />
      <source>Look</source>
      <translation>Aspetto</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>Units</source>
      <translation>Unità</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <location filename="gui/status/badges.py" />
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Recording</source>
      <translation>Registrazione</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <location filename="gui/actions/table.py" />
      <location filename="gui/alarms/alarm_bar.py" />
      <location filename="gui/alarms/alarm_list.py" />
      <location filename="gui/alarms/words.py" />
      <source>Alarms</source>
      <translation>Allarmi</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>as the system</source>
      <translation>come il sistema</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>Theme</source>
      <translation>Tema</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>Dark for a dim room, red for eyes that are used to the night, light for a bright room.</source>
      <translation>Scuro per una stanza poco illuminata, rosso per occhi abituati alla notte, chiaro per una stanza luminosa.</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>Text size</source>
      <translation>Dimensione del testo</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>How large all words are.</source>
      <translation>Quanto sono grandi tutte le parole.</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>Language</source>
      <translation>Lingua</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>Of the window's words; it changes when the window is opened anew.</source>
      <translation>Delle parole della finestra; cambia quando la finestra viene riaperta.</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>The unit in which temperatures are shown.</source>
      <translation>L'unità in cui si mostrano le temperature.</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <location filename="gui/work/record_dialog.py" />
      <source>Folder</source>
      <translation>Cartella</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>Where recordings and pictures are written; empty is the folder Tapetum in your home.</source>
      <translation>Dove si scrivono registrazioni e immagini; vuoto è la cartella Tapetum nella tua home.</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>Save the last</source>
      <translation>Salva gli ultimi</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>How many seconds one key saves from what has just been seen.</source>
      <translation>Quanti secondi di ciò che si è appena visto salva un tasto.</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>Volume</source>
      <translation>Volume</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>How loud alarms are.</source>
      <translation>Quanto sono forti gli allarmi.</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>Latency limit</source>
      <translation>Limite di latenza</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>From the camera to the screen: above it, the picture is said to be late.</source>
      <translation>Dalla telecamera allo schermo: oltre questo, si dice che l'immagine è in ritardo.</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>Old picture</source>
      <translation>Immagine vecchia</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>A camera that streams, but gives nothing newer than this, raises an alarm.</source>
      <translation>Una telecamera che trasmette, ma non dà nulla di più nuovo di così, provoca un allarme.</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>Disk: warn</source>
      <translation>Disco: avviso</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>Say so when the disk will be full in fewer minutes.</source>
      <translation>Lo dice quando il disco sarà pieno in meno minuti.</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>Disk: alarm</source>
      <translation>Disco: allarme</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>Raise an alarm when the disk will be full in fewer minutes.</source>
      <translation>Dà l'allarme quando il disco sarà pieno in meno minuti.</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>Give the whole path of the folder, from / or ~ on.</source>
      <translation>Indica il percorso intero della cartella, da / o ~ in poi.</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>dark</source>
      <translation>scuro</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>dim red</source>
      <translation>rosso tenue</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>light</source>
      <translation>chiaro</translation>
    </message>
    <message>
      <location filename="gui/actions/table.py" />
      <location filename="gui/work/import_dialog.py" />
      <source>Session</source>
      <translation>Sessione</translation>
    </message>
    <message>
      <location filename="gui/actions/table.py" />
      <source>Overlay</source>
      <translation>Sovrimpressione</translation>
    </message>
    <message>
      <location filename="gui/actions/table.py" />
      <source>View</source>
      <translation>Vista</translation>
    </message>
    <message>
      <location filename="gui/actions/table.py" />
      <source>or</source>
      <translation>o</translation>
    </message>
    <message>
      <location filename="gui/actions/table.py" />
      <source>This window cannot do that.</source>
      <translation>Questa finestra non lo può fare.</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>One large, others beside it</source>
      <translation>Uno grande, gli altri accanto</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>Show the first tile large and the others beside it.</source>
      <translation>Mostra grande il primo riquadro e gli altri accanto.</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>1 tile</source>
      <translation>1 riquadro</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>Show the first tile alone.</source>
      <translation>Mostra solo il primo riquadro.</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>2 tiles</source>
      <translation>2 riquadri</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>Show two tiles of one size.</source>
      <translation>Mostra due riquadri uguali.</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>4 tiles</source>
      <translation>4 riquadri</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>Show four tiles of one size.</source>
      <translation>Mostra quattro riquadri uguali.</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>6 tiles</source>
      <translation>6 riquadri</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>Show six tiles of one size.</source>
      <translation>Mostra sei riquadri uguali.</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>9 tiles</source>
      <translation>9 riquadri</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>Show nine tiles of one size.</source>
      <translation>Mostra nove riquadri uguali.</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>Tile alone</source>
      <translation>Riquadro da solo</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>Show the tile with the focus alone, or all of them again; Enter and a double click do the same.</source>
      <translation>Mostra da solo il riquadro attivo, o di nuovo tutti; Invio e un doppio clic fanno lo stesso.</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>What the tile shows …</source>
      <translation>Che cosa mostra il riquadro …</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>Choose what the tile with the focus shows: a stream, or a picture of a face. Its menu key does the same.</source>
      <translation>Scegli che cosa mostra il riquadro attivo: un flusso, o un'immagine di un volto. Il suo tasto menu fa lo stesso.</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>Tile in its own window</source>
      <translation>Riquadro in una finestra propria</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>Give the tile with the focus a window of its own, for a second screen; closing that brings it back.</source>
      <translation>Dà al riquadro attivo una finestra propria, per un secondo schermo; chiudendola torna indietro.</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>Layouts …</source>
      <translation>Disposizioni …</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>Save the tiles as they are under a name, show saved ones, write them into a file or read them from one.</source>
      <translation>Salva i riquadri come sono sotto un nome, mostra quelli salvati, li scrive in un file o li legge da uno.</translation>
    </message>
    <message>
      <location filename="gui/actions/toolbar.py" />
      <source>Tools</source>
      <translation>Strumenti</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <location filename="gui/looks/look_panel.py" />
      <source>Lock</source>
      <translation>Blocca</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Keep the color range of depth and thermal as it is now.</source>
      <translation>Tiene il campo dei colori di profondità e termico com'è ora.</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Colors</source>
      <translation>Colori</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Show the chosen depth or thermal picture in the next palette.</source>
      <translation>Mostra l'immagine di profondità o termica scelta nella tavolozza successiva.</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Palette, range, isotherm, gamma, CLAHE, spots and areas of the chosen picture, in a panel.</source>
      <translation>Tavolozza, campo, isoterma, gamma, CLAHE, punti e aree dell'immagine scelta, in un pannello.</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Level up</source>
      <translation>Livello più alto</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Move the range of the chosen picture to higher values, and lock it there.</source>
      <translation>Sposta il campo dell'immagine scelta verso valori più alti, e lo blocca lì.</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Level down</source>
      <translation>Livello più basso</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Move the range of the chosen picture to lower values, and lock it there.</source>
      <translation>Sposta il campo dell'immagine scelta verso valori più bassi, e lo blocca lì.</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Wider span</source>
      <translation>Campo più ampio</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Give the colors of the chosen picture a wider range, and lock it: less contrast.</source>
      <translation>Dà ai colori dell'immagine scelta un campo più ampio, e lo blocca: meno contrasto.</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Narrower span</source>
      <translation>Campo più stretto</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Give the colors of the chosen picture a narrower range, and lock it: more contrast.</source>
      <translation>Dà ai colori dell'immagine scelta un campo più stretto, e lo blocca: più contrasto.</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <location filename="gui/looks/look_panel.py" />
      <source>Isotherm</source>
      <translation>Isoterma</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Paint the values above, below or between two limits in one color; then none again.</source>
      <translation>Dipinge in un solo colore i valori sopra, sotto o fra due limiti; poi di nuovo nessuno.</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Hottest and coldest</source>
      <translation>Più caldo e più freddo</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Follow the highest and the lowest value of the chosen picture, or stop following.</source>
      <translation>Segue il valore più alto e il più basso dell'immagine scelta, o smette di seguirli.</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Place a spot</source>
      <translation>Metti un punto</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Read the value of one pixel: click on it, or press the key once more for the middle.</source>
      <translation>Legge il valore di un pixel: clicca su di esso, o premi di nuovo il tasto per il centro.</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Place an area</source>
      <translation>Metti un'area</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Read the lowest, mean and highest value of an area: draw it, or press the key once more.</source>
      <translation>Legge il valore minimo, medio e massimo di un'area: disegnala, o premi di nuovo il tasto.</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <location filename="gui/looks/look_marks.py" />
      <location filename="gui/looks/look_panel.py" />
      <source>CLAHE</source>
      <translation>CLAHE</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Raise the contrast of the gray or infrared picture for the eye; the models never see it.</source>
      <translation>Alza per l'occhio il contrasto dell'immagine grigia o infrarossa; i modelli non la vedono mai.</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Swap</source>
      <translation>Scambia</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Bring the next tile to the first place, which is the large one.</source>
      <translation>Porta il riquadro successivo al primo posto, che è quello grande.</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <location filename="gui/status/engines_dialog.py" />
      <location filename="gui/status/status_line.py" />
      <source>Engines</source>
      <translation>Motori</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Say what runs each model and why not the others, and let another engine take over.</source>
      <translation>Dice che cosa esegue ogni modello e perché non gli altri, e lascia subentrare un altro motore.</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <location filename="gui/tiles/tile_window.py" />
      <source>Full screen</source>
      <translation>Schermo intero</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Fill the screen, or go back to a window.</source>
      <translation>Riempie lo schermo, o torna a una finestra.</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_bar.py" />
      <source>Say that you have seen this alarm: its sound and blinking end.</source>
      <translation>Dici che hai visto questo allarme: il suono e il lampeggio finiscono.</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_bar.py" />
      <location filename="gui/work/camera_picker.py" />
      <source>Show</source>
      <translation>Mostra</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_bar.py" />
      <source>Go to the picture, or the moment, that this alarm is of.</source>
      <translation>Va all'immagine, o al momento, a cui si riferisce questo allarme.</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_bar.py" />
      <source>Mute</source>
      <translation>Silenzia</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_bar.py" />
      <source>No sound, or no bar, for a stated time.</source>
      <translation>Nessun suono, o nessuna barra, per un tempo stabilito.</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_bar.py" />
      <source>All …</source>
      <translation>Tutti …</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_bar.py" />
      <location filename="gui/alarms/alarms_part.py" />
      <source>The list of all alarms, and the sound</source>
      <translation>L'elenco di tutti gli allarmi, e il suono</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_bar.py" />
      <source>Sound off for {n} min</source>
      <translation>Suono spento per {n} min</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_bar.py" />
      <source>Bar off for {n} min</source>
      <translation>Barra spenta per {n} min</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>How many alarms stand, and what is muted</source>
      <translation>Quanti allarmi ci sono, e che cosa è silenziato</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>Enter, or a double click, goes to the moment of an alarm.</source>
      <translation>Invio, o un doppio clic, va al momento di un allarme.</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>&amp;Acknowledge</source>
      <translation>&amp;Conferma</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>Say that you have seen the chosen alarm.</source>
      <translation>Dici che hai visto l'allarme scelto.</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>Acknowledge a&amp;ll</source>
      <translation>Conferma t&amp;utti</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>&amp;Show</source>
      <translation>&amp;Mostra</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>Go to the picture, or the moment, of the chosen alarm.</source>
      <translation>Va all'immagine, o al momento, dell'allarme scelto.</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>Open the cl&amp;ip</source>
      <translation>Apri la cl&amp;ip</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>Show the seconds before and after the chosen alarm in a window of its own; what is watched goes on.</source>
      <translation>Mostra i secondi prima e dopo l'allarme scelto in una finestra a sé; ciò che si guarda continua.</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>&amp;Close</source>
      <translation>C&amp;hiudi</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>Close the list. What stands in it stays.</source>
      <translation>Chiude l'elenco. Ciò che contiene resta.</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>What plays the sound</source>
      <translation>Che cosa riproduce il suono</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>Loudness of alarms</source>
      <translation>Volume degli allarmi</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>How loud alarms are, in percent. Silence has a time: it is a mute.</source>
      <translation>Quanto sono forti gli allarmi, in percento. Il silenzio ha una durata: è un silenziamento.</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>&amp;Loudness</source>
      <translation>&amp;Volume</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>&amp;Test the sound</source>
      <translation>&amp;Prova il suono</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>Play the burst of the highest severity once.</source>
      <translation>Fa sentire una volta il suono della gravità più alta.</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>Sound: {words}</source>
      <translation>Suono: {words}</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>People who are gone, and whose alarms are over and were all acknowledged.</source>
      <translation>Persone andate via, i cui allarmi sono finiti e tutti confermati.</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>severity</source>
      <translation>gravità</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <location filename="gui/replay/event_list.py" />
      <source>time</source>
      <translation>ora</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>what</source>
      <translation>che cosa</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>since</source>
      <translation>da</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <location filename="gui/status/engines_dialog.py" />
      <location filename="gui/status/readouts.py" />
      <source>state</source>
      <translation>stato</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>gone ({n})</source>
      <translation>andati via ({n})</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <location filename="gui/alarms/people.py" />
      <source>all acknowledged; over</source>
      <translation>tutti confermati; finiti</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>no alarm</source>
      <translation>nessun allarme</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarms_part.py" />
      <source>sound: {words}</source>
      <translation>suono: {words}</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarms_part.py" />
      <source>acknowledged: {what}</source>
      <translation>confermato: {what}</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarms_part.py" />
      <source>{time}: {what}</source>
      <translation>{time}: {what}</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarms_part.py" />
      <source>the operator</source>
      <translation>l'operatore</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarms_part.py" />
      <source>no alarm waits to be acknowledged</source>
      <translation>nessun allarme aspetta di essere confermato</translation>
    </message>
    <message>
      <location filename="gui/alarms/clip_desk.py" />
      <source>this alarm has no clip</source>
      <translation>questo allarme non ha clip</translation>
    </message>
    <message>
      <location filename="gui/alarms/clip_desk.py" />
      <source>the clip is complete in {n:.0f} s</source>
      <translation>la clip è completa tra {n:.0f} s</translation>
    </message>
    <message>
      <location filename="gui/alarms/clip_desk.py" />
      <source>opens {name} in a window of its own</source>
      <translation>apre {name} in una finestra a sé</translation>
    </message>
    <message>
      <location filename="gui/alarms/clip_desk.py" />
      <source>close one of the clips that are open first</source>
      <translation>chiudi prima una delle clip aperte</translation>
    </message>
    <message>
      <location filename="gui/alarms/clip_windows.py" />
      <source>{name} is not there any more: it was deleted or moved.</source>
      <translation>{name} non c'è più: è stato eliminato o spostato.</translation>
    </message>
    <message>
      <location filename="gui/alarms/clip_windows.py" />
      <source>{name} holds no frame.</source>
      <translation>{name} non contiene alcun fotogramma.</translation>
    </message>
    <message>
      <location filename="gui/alarms/clip_windows.py" />
      <source>{name} could not be shown: {why}</source>
      <translation>Non è stato possibile mostrare {name}: {why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/clip_windows.py" />
      <source>{name} is still being written: what it shows can be opened when it has ended.</source>
      <translation>{name} si sta ancora scrivendo: si potrà aprire quando sarà finito.</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>nobody tells it</source>
      <translation>nessuno lo comunica</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>nothing has come for a while</source>
      <translation>da un po' non arriva nulla</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>who tells it does not know it</source>
      <translation>chi lo comunica non lo sa</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>somebody speaks, but nothing of it can be used</source>
      <translation>qualcuno parla, ma nulla di ciò che dice si può usare</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>nothing told it then: the strictest limits count</source>
      <translation>allora nulla lo comunicava: valgono i limiti più severi</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>vehicle speed</source>
      <translation>velocità del veicolo</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>poor conditions</source>
      <translation>condizioni cattive</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>{name} {value}, {age} s old, from {source}</source>
      <translation>{name} {value}, di {age} s fa, da {source}</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>milder limits counted: {known}</source>
      <translation>sono valsi limiti più miti: {known}</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>{name} unknown ({why}): the strictest limits count</source>
      <translation>{name}: valore ignoto ({why}): valgono i limiti più severi</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>{name} {value}, from {source}</source>
      <translation>{name} {value}, da {source}</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>the strictest limits counted: {known}</source>
      <translation>sono valsi i limiti più severi: {known}</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>{reason}; the last: {why}</source>
      <translation>{reason}; l'ultimo motivo: {why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>{line} (no rule asks for it)</source>
      <translation>{line} (nessuna regola lo chiede)</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>The program was started without --context: nobody can tell it.</source>
      <translation>Il programma è stato avviato senza --context: nessuno può comunicarlo.</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>{source}: {problem}</source>
      <translation>{source}: {problem}</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>{name} not known</source>
      <translation>{name} non noto</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>{source}: {n} of {of} lines were of no use, the last: {why}</source>
      <translation>{source}: {n} righe su {of} non servivano, l'ultima: {why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/people.py" />
      <source>also: {what}</source>
      <translation>anche: {what}</translation>
    </message>
    <message>
      <location filename="gui/alarms/people.py" />
      <source>{state} · no clip</source>
      <translation>{state} · nessuna clip</translation>
    </message>
    <message>
      <location filename="gui/alarms/people.py" />
      <source>{state} · clip</source>
      <translation>{state} · clip</translation>
    </message>
    <message>
      <location filename="gui/alarms/people.py" />
      <location filename="gui/alarms/words.py" />
      <source>{what} not acknowledged</source>
      <translation>da confermare: {what}</translation>
    </message>
    <message>
      <location filename="gui/alarms/people.py" />
      <source>all acknowledged; still there</source>
      <translation>tutti confermati; ancora presenti</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{first} and {second} are both given; a rule has one of when, all, any</source>
      <translation>ci sono sia {first} sia {second}; una regola ha uno solo tra when, all, any</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{first} and {second} are both given; one of them is enough</source>
      <translation>ci sono sia {first} sia {second}; ne basta uno</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>it has no condition; give one of when, all, any</source>
      <translation>non ha condizione; indica uno tra when, all, any</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>there is no signal {name}; {why}</source>
      <translation>non esiste il segnale {name}; {why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} is said of each face, but the rule is per = "scene"; take per = "face", or the signal faces</source>
      <translation>{name} si dice di ogni volto, ma la regola è per = "scene"; usa per = "face", oppure il segnale faces</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} is compared with nothing; give one of {names}</source>
      <translation>{name} non è confrontato con nulla; indica uno tra {names}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>equals is given beside another limit; one of them is enough</source>
      <translation>equals sta accanto a un altro limite; ne basta uno</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} stands in label and in not_label</source>
      <translation>{name} sta sia in label sia in not_label</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the rule is off in this tier, so {name} means nothing</source>
      <translation>la regola è spenta in questo livello, quindi {name} non significa nulla</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the tier changes nothing; give off, severity, for_s, when, all or any</source>
      <translation>il livello non cambia nulla; indica off, severity, for_s, when, all o any</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>it has no range; give above, at_least, below or at_most</source>
      <translation>non ha intervallo; indica above, at_least, below o at_most</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>nothing is greater than {low} and less than {high}; the limits are crossed</source>
      <translation>nulla è maggiore di {low} e minore di {high}; i limiti sono incrociati</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the tier waits for {its} s, the rule for {own} s; {why}</source>
      <translation>il livello aspetta {its} s, la regola {own} s; {why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the tier is of severity {its}, the rule {own}; {why}</source>
      <translation>il livello ha gravità {its}, la regola {own}; {why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the tier begins at {its} already, the rule at {own}; {why}</source>
      <translation>il livello comincia già a {its}, la regola a {own}; {why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the rule itself counts where the context is unknown, so it must be the strictest: swap them</source>
      <translation>dove il contesto è ignoto vale la regola stessa, che quindi deve essere la più severa: scambiali</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>a rule {name} is there before; each name may stand once</source>
      <translation>una regola {name} c'è già prima; ogni nome può stare una volta sola</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the series {name} is named twice</source>
      <translation>la serie {name} è nominata due volte</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>no tier asks for the series {name}; take it away, or use it</source>
      <translation>nessun livello chiede la serie {name}; toglila, o usala</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the file does not name a series {name}; {why}</source>
      <translation>il file non nomina una serie {name}; {why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} ({meaning}) lies in {low} to {high}, found {value}</source>
      <translation>{name} ({meaning}) sta tra {low} e {high}, trovato {value}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>no {name} is greater than {low} and less than {high}; the limits are crossed</source>
      <translation>nessun {name} è maggiore di {low} e minore di {high}; i limiti sono incrociati</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>no {name} is greater than {low} and less than {high} at once</source>
      <translation>nessun {name} è insieme maggiore di {low} e minore di {high}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>clear_below belongs to above or at_least, and neither is given</source>
      <translation>clear_below va con above o at_least, e non c'è nessuno dei due</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>clear_above belongs to below or at_most, and neither is given</source>
      <translation>clear_above va con below o at_most, e non c'è nessuno dei due</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>it would end below {its} but begin above {own}: clear_below must not be greater</source>
      <translation>finirebbe sotto {its} ma comincerebbe sopra {own}: clear_below non deve essere maggiore</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>it would end above {its} but begin below {own}: clear_above must not be less</source>
      <translation>finirebbe sopra {its} ma comincerebbe sotto {own}: clear_above non deve essere minore</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>no {name} is less than {low}: it would never end</source>
      <translation>nessun {name} è minore di {low}: non finirebbe mai</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>no {name} is greater than {high}: it would never end</source>
      <translation>nessun {name} è maggiore di {high}: non finirebbe mai</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} is a number without a word; those with one are {names}</source>
      <translation>{name} è un numero senza parola; quelli con una parola sono {names}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} is never {value}; {why}</source>
      <translation>{name} non è mai {value}; {why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>did you mean {name}?</source>
      <translation>intendevi {name}?</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>did you mean the ready set {name}?</source>
      <translation>intendevi la serie pronta {name}?</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>ready sets are {names}</source>
      <translation>le serie pronte sono {names}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the signals are {names}</source>
      <translation>i segnali sono {names}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>its words are {names}</source>
      <translation>le sue parole sono {names}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the keys here are {names}</source>
      <translation>le chiavi qui sono {names}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>add context = ["{name}"] at the head of the file</source>
      <translation>aggiungi context = ["{name}"] in testa al file</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>there is no key {name}; {why}</source>
      <translation>non esiste la chiave {name}; {why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the key {name} is missing</source>
      <translation>manca la chiave {name}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name}: {why}, found {value}</source>
      <translation>{name}: {why}, trovato {value}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{why}, found {value}</source>
      <translation>{why}, trovato {value}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>must be a table, such as {example}</source>
      <translation>deve essere una tabella, come {example}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>must be a list in square brackets</source>
      <translation>deve essere un elenco tra parentesi quadre</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>must be a number</source>
      <translation>deve essere un numero</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>must be a text in quotation marks</source>
      <translation>deve essere un testo tra virgolette</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>must be small letters and digits with single hyphens between, such as long-glance</source>
      <translation>deve avere lettere minuscole e cifre con singoli trattini in mezzo, come long-glance</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>must be seconds before and after, such as [5, 3], up to {most} each</source>
      <translation>deve indicare i secondi prima e dopo, come [5, 3], fino a {most} ciascuno</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>no TOML: {why}</source>
      <translation>non è TOML: {why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{why}, at the end of the text</source>
      <translation>{why}, alla fine del testo</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>its arrays or tables lie too deep in each other</source>
      <translation>le sue liste o tabelle sono annidate troppo in profondità</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>a value that cannot be read: {why}</source>
      <translation>un valore che non si può leggere: {why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the number is too long; integers have at most 64 bits</source>
      <translation>il numero è troppo lungo; gli interi hanno al più 64 bit</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>there is no file of rules {name}; {why}</source>
      <translation>non esiste il file di regole {name}; {why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>cannot read the rules {name}: {why}</source>
      <translation>non si possono leggere le regole {name}: {why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>it is a device, a pipe or the like, no regular file</source>
      <translation>è un dispositivo, una pipe o simile, non un file normale</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} has {n} bytes; a file of rules has at most {most}</source>
      <translation>{name} ha {n} byte; un file di regole ne ha al più {most}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>no UTF-8; save the file as UTF-8</source>
      <translation>non è UTF-8; salva il file come UTF-8</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>cannot run {name}: {why}</source>
      <translation>non si può eseguire {name}: {why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <location filename="gui/alarms/sound.py" />
      <source>it ended with {code}</source>
      <translation>è terminato con {code}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>it ended with {code}: {why}</source>
      <translation>è finito con {code}: {why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>it did not end within {seconds} s, and was ended</source>
      <translation>non è finito entro {seconds} s, ed è stato terminato</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} did not answer within {seconds} s</source>
      <translation>{name} non ha risposto entro {seconds} s</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} gave no answer of HTTP: {value}</source>
      <translation>{name} non ha dato una risposta HTTP: {value}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} answered {code}</source>
      <translation>{name} ha risposto {code}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>no clip: {why}</source>
      <translation>nessuna clip: {why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>nothing is recorded, and nothing is kept in memory</source>
      <translation>nulla viene registrato, e nulla è tenuto in memoria</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>too many alarms at once</source>
      <translation>troppi allarmi insieme</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the cameras have ended</source>
      <translation>le telecamere sono finite</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>no frame came in its time</source>
      <translation>nel suo tempo non è arrivato alcun fotogramma</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the recording ended before the clip did</source>
      <translation>la registrazione è finita prima della clip</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>it begins {seconds} s late: nothing was kept before</source>
      <translation>comincia {seconds} s in ritardo: prima non era tenuto nulla</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the disk of {name} has {free} GiB left, {least} stay free</source>
      <translation>al disco di {name} restano {free} GiB, {least} restano liberi</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{n} clips fill {name} and {why}, so that none of them is taken away; move them elsewhere</source>
      <translation>{n} clip riempiono {name} e {why}, quindi nessuna viene tolta; spostale altrove</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>have bookmarks</source>
      <translation>hanno segnalibri</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>are marked to keep or have bookmarks</source>
      <translation>sono segnate da tenere o hanno segnalibri</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>watch.clips.folder {name}: there is no such home; give the whole path, from /</source>
      <translation>watch.clips.folder {name}: non esiste una tale cartella personale; indica il percorso intero, da /</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the camera's clock stands still in this session: rules count its time, and find nothing</source>
      <translation>in questa sessione l'orologio della telecamera è fermo: le regole contano il suo tempo e non trovano nulla</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the camera's clock goes back {n} times: what goes on ends there, and begins anew</source>
      <translation>l'orologio della telecamera torna indietro {n} volte: ciò che è in corso finisce lì e ricomincia</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>what is stored holds no signals; compute them again: what rules ask of {names} is not known</source>
      <translation>ciò che è registrato non contiene segnali; calcolarli di nuovo: ciò che le regole chiedono di {names} non è noto</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>signals are switched off: what rules ask of {names} is not known</source>
      <translation>i segnali sono disattivati: ciò che le regole chiedono di {names} non è noto</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{n} of {count} stored observations are damaged and were left out</source>
      <translation>{n} osservazioni registrate su {count} sono danneggiate e sono state tralasciate</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{n} frames cannot be read: the others say whether the cameras show anything</source>
      <translation>{n} fotogrammi non si possono leggere: gli altri dicono se le telecamere mostrano qualcosa</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{why}; the zones of these settings are taken</source>
      <translation>{why}; si usano le zone di queste impostazioni</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>a line of more than {most} bytes</source>
      <translation>una riga di più di {most} byte</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>no JSON: {why}: {value}</source>
      <translation>non è JSON: {why}: {value}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>no object in JSON: {value}</source>
      <translation>nessun oggetto JSON: {value}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>it tells no value: {value}</source>
      <translation>non comunica alcun valore: {value}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{n} values in one line, {most} at most</source>
      <translation>{n} valori in una riga, al massimo {most}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>its time is {value}, not seconds: it counts from when it came</source>
      <translation>il suo tempo è {value}, non in secondi: vale da quando è arrivato</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} is {value}, no number</source>
      <translation>{name} è {value}, non un numero</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>no sentence with a checksum: {value}</source>
      <translation>nessuna frase con somma di controllo: {value}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} is one name too many: {most} at most</source>
      <translation>{name} è un nome di troppo: al massimo {most}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{source} tells {name} already</source>
      <translation>{source} comunica già {name}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} came {seconds} s late</source>
      <translation>{name} è arrivato con {seconds} s di ritardo</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} was overtaken by a newer value</source>
      <translation>{name} è stato superato da un valore più recente</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} is not taken from here: {why}</source>
      <translation>{name} non si prende da qui: {why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>more than {most} lines a second come: the rest is left out</source>
      <translation>arrivano più di {most} righe al secondo: il resto è tralasciato</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the clock of who sends leapt</source>
      <translation>l'orologio di chi invia ha fatto un salto</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} is no name of a series: small letters, digits and underscores</source>
      <translation>{name} non è un nome di serie: lettere minuscole, cifre e trattini bassi</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>a speed needs its unit ({units}), found {value}; or call it {name}</source>
      <translation>una velocità richiede la sua unità ({units}), trovato {value}; oppure chiamarla {name}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>a speed needs its unit ({units}), none is told; or call it {name}</source>
      <translation>una velocità richiede la sua unità ({units}), nessuna è indicata; oppure chiamarla {name}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} is in km/h, found the unit {value}; call it {other} with its unit</source>
      <translation>{name} è in km/h, trovata l'unità {value}; chiamarla {other} con la sua unità</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} is no number (NaN)</source>
      <translation>{name} non è un numero (NaN)</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} is {value}: a speed is not negative</source>
      <translation>{name} è {value}: una velocità non è negativa</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} is {value}: no vehicle is so fast</source>
      <translation>{name} è {value}: nessun veicolo è così veloce</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{source} cannot be listened at: {why}</source>
      <translation>non si può ascoltare su {source}: {why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the port {port} is taken by another program; end that one, or choose another port</source>
      <translation>la porta {port} è occupata da un altro programma; chiuderlo o scegliere un'altra porta</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the port {port} is the system's; choose one from 1024 on</source>
      <translation>la porta {port} è del sistema; sceglierne una da 1024 in su</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{host} is no address of this machine; listen at 127.0.0.1</source>
      <translation>{host} non è un indirizzo di questa macchina; ascoltare su 127.0.0.1</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{source} cannot be opened: {why}</source>
      <translation>{source} non si può aprire: {why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>there is no {name}; serial lines here: {names}</source>
      <translation>non c'è {name}; linee seriali presenti: {names}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>nobody may read {name} but its group; on Debian: sudo usermod -aG dialout $USER</source>
      <translation>solo il suo gruppo può leggere {name}; su Debian: sudo usermod -aG dialout $USER</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>another program reads {name}; end that one (gpsd takes receivers for itself)</source>
      <translation>un altro programma legge {name}; chiuderlo (gpsd tiene i ricevitori per sé)</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>it is gone ({why})</source>
      <translation>non c'è più ({why})</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>sentences of a receiver need the package pynmeagps: pip install "tapetum[gps]" ({why})</source>
      <translation>le frasi di un ricevitore richiedono il pacchetto pynmeagps: pip install "tapetum[gps]" ({why})</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{source} needs the package pyserial: pip install "tapetum[gps]" ({why})</source>
      <translation>{source} richiede il pacchetto pyserial: pip install "tapetum[gps]" ({why})</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>Drowsy: the eyes are often closed</source>
      <translation>Sonnolenza: gli occhi sono spesso chiusi</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>Very drowsy: the eyes are closed too much</source>
      <translation>Forte sonnolenza: gli occhi sono chiusi troppo a lungo</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>Long blinks, one after the other</source>
      <translation>Battiti di ciglia lunghi, uno dopo l'altro</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>Yawns again and again</source>
      <translation>Sbadiglia di continuo</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>Microsleep: the eyes have closed</source>
      <translation>Colpo di sonno: gli occhi si sono chiusi</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>Asleep: the eyes stay closed</source>
      <translation>Addormentato: gli occhi restano chiusi</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>Unresponsive: the eyes are closed, or do not come back to the road</source>
      <translation>Non reagisce: gli occhi sono chiusi, o non tornano sulla strada</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>Looks away from the road for long</source>
      <translation>Distoglie a lungo lo sguardo dalla strada</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>Looks away from the road too often</source>
      <translation>Distoglie troppo spesso lo sguardo dalla strada</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>Distracted: eyes on the road</source>
      <translation>Distratto: guardare la strada</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>Attention is used up</source>
      <translation>Attenzione esaurita</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>The face is covered: eyes and mouth are hard to read</source>
      <translation>Il volto è coperto: occhi e bocca si leggono male</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>No driver is seen</source>
      <translation>Non si vede alcun guidatore</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>The camera is covered, or shows nothing</source>
      <translation>La telecamera è coperta, o non mostra nulla</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>Somebody is there</source>
      <translation>C'è qualcuno</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>Somebody stays</source>
      <translation>Qualcuno si trattiene</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>Somebody is close</source>
      <translation>Qualcuno è vicino</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>Somebody comes closer fast</source>
      <translation>Qualcuno si avvicina in fretta</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>A face is masked</source>
      <translation>Un volto è mascherato</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>A masked face is close</source>
      <translation>Un volto mascherato è vicino</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>More people than expected</source>
      <translation>Più persone del previsto</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>The warmth or shape is not that of a bare living face</source>
      <translation>Calore o forma non sono quelli di un volto vivo e scoperto</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>the face is gone</source>
      <translation>il volto non c'è più</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>not known any more</source>
      <translation>non più noto</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>the camera's clock leapt</source>
      <translation>l'orologio della telecamera è saltato</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>no picture came for a while</source>
      <translation>per un po' non è arrivata alcuna immagine</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>another face has its number now</source>
      <translation>ora il suo numero è di un altro volto</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>the rule was changed</source>
      <translation>la regola è cambiata</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>the rule was taken away</source>
      <translation>la regola è stata tolta</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>the rule does not apply any more</source>
      <translation>la regola non vale più</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>nobody looks any more</source>
      <translation>nessuno guarda più</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>{what} (face {n})</source>
      <translation>{what} (volto {n})</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>{what}; over: {why}</source>
      <translation>{what}; finito: {why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>{what}; seen by {who}</source>
      <translation>{what}; confermato da {who}</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>{what}; muted for {n:.0f} s</source>
      <translation>{what}; silenziato per {n:.0f} s</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>{what}; {why}</source>
      <translation>{what}; {why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <location filename="gui/replay/rules_panel.py" />
      <source>No rules</source>
      <translation>Nessuna regola</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>Signals are shown; nothing makes alarms of them.</source>
      <translation>I segnali si vedono; nulla ne fa allarmi.</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <location filename="gui/replay/rules_words.py" />
      <source>In a car</source>
      <translation>In auto</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>A driver who falls asleep, or looks away.</source>
      <translation>Un guidatore che si addormenta, o guarda altrove.</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <location filename="gui/replay/rules_words.py" />
      <source>Night watch</source>
      <translation>Sorveglianza notturna</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>Somebody comes, stays, comes closer, or hides the face.</source>
      <translation>Qualcuno arriva, si trattiene, si avvicina, o nasconde il volto.</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <location filename="gui/work/task_words.py" />
      <source>Rules</source>
      <translation>Regole</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>A file</source>
      <translation>Un file</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>Rules of your own, in TOML; a change to the file counts at once.</source>
      <translation>Regole tue, in TOML; una modifica al file vale subito.</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>File of rules</source>
      <translation>File di regole</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>Choose a file of rules.</source>
      <translation>Scegli un file di regole.</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>State of the rules</source>
      <translation>Stato delle regole</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>Use these</source>
      <translation>Usa queste</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>From now on these rules make alarms.</source>
      <translation>Da ora queste regole fanno scattare gli allarmi.</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>No rules count now.</source>
      <translation>Ora non vale alcuna regola.</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>Told outside: {n} alarms, {failed} could not be told, {dropped} left out, {waiting} wait.</source>
      <translation>Comunicati all'esterno: {n} allarmi, {failed} non riusciti, {dropped} tralasciati, {waiting} in attesa.</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>name a file of rules, or choose a ready set</source>
      <translation>indica un file di regole, o scegli una serie pronta</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>Choose a file of rules</source>
      <translation>Scegli un file di regole</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>Rules (*.toml)</source>
      <translation>Regole (*.toml)</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>{name} counts now.</source>
      <translation>Ora vale: {name}.</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>{name} counts now: {file}</source>
      <translation>Ora vale {name}: {file}</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_part.py" />
      <source>No picture comes: the rules do not know what goes on.</source>
      <translation>Non arriva nessuna immagine: le regole non sanno che cosa succede.</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_part.py" />
      <location filename="gui/replay/rules_control.py" />
      <source>The rules stay as they were: {why}</source>
      <translation>Le regole restano com'erano: {why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>eyes closed for {s} s</source>
      <translation>occhi chiusi da {s} s</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>PERCLOS {share}</source>
      <translation>PERCLOS {share}</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>yawns</source>
      <translation>sbadiglia</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>looks at: {zone}</source>
      <translation>guarda: {zone}</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>looks away for {s} s</source>
      <translation>guarda altrove da {s} s</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>looks away for {s} s: {zone}</source>
      <translation>guarda altrove da {s} s: {zone}</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>face covered: {what}</source>
      <translation>volto coperto: {what}</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>face covered</source>
      <translation>volto coperto</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>wears glasses</source>
      <translation>porta gli occhiali</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>perhaps no living face ({share})</source>
      <translation>forse non è un volto vivo ({share})</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>comes closer, {speed} m/s</source>
      <translation>si avvicina, {speed} m/s</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>goes away, {speed} m/s</source>
      <translation>si allontana, {speed} m/s</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>skin at the eyes {value} {unit} (corrected)</source>
      <translation>pelle agli occhi {value} {unit} (corretta)</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>breathes {rate} a minute</source>
      <translation>respira {rate} volte al minuto</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>openness of the own right eye, personal</source>
      <translation>apertura del proprio occhio destro, personale</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>openness of the own left eye, personal</source>
      <translation>apertura del proprio occhio sinistro, personale</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>openness of both eyes, personal</source>
      <translation>apertura di entrambi gli occhi, personale</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>1 while the eyes are closed</source>
      <translation>1 mentre gli occhi sono chiusi</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>for how long the eyes have been closed</source>
      <translation>da quanto gli occhi sono chiusi</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>blinks</source>
      <translation>battiti di ciglia</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>how long the last blink took</source>
      <translation>durata dell'ultimo battito di ciglia</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>long blinks</source>
      <translation>battiti di ciglia lunghi</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>share of time with closed eyes</source>
      <translation>quota di tempo a occhi chiusi</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>opening of the mouth over its width</source>
      <translation>apertura della bocca rispetto alla larghezza</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>1 while yawning</source>
      <translation>1 durante uno sbadiglio</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>head turned to own left</source>
      <translation>testa girata alla propria sinistra</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>head raised</source>
      <translation>testa alzata</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>head tilted to own right</source>
      <translation>testa inclinata alla propria destra</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>gaze to own left</source>
      <translation>sguardo alla propria sinistra</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>gaze upward</source>
      <translation>sguardo in alto</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>zone looked at; 1 where that is on-task</source>
      <translation>zona guardata; 1 se è quella del compito</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>length of the glance off the road</source>
      <translation>durata dello sguardo fuori strada</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>glances off the road added up over 30 s</source>
      <translation>sguardi fuori strada sommati in 30 s</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>what is left of the attention buffer</source>
      <translation>ciò che resta della riserva di attenzione</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>for how long the face has been there</source>
      <translation>da quanto il volto è presente</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>from the camera</source>
      <translation>dalla telecamera</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>how fast the face comes closer</source>
      <translation>quanto velocemente il volto si avvicina</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>how fast the face moves</source>
      <translation>quanto velocemente il volto si muove</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>how surely the face is covered</source>
      <translation>quanto è sicuro che il volto sia coperto</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>how surely glasses are worn</source>
      <translation>quanto è sicuro che porti gli occhiali</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>skin at the inner corners of the eyes</source>
      <translation>pelle agli angoli interni degli occhi</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>skin of the forehead</source>
      <translation>pelle della fronte</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>the same, relative</source>
      <translation>lo stesso, relativo</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>breaths</source>
      <translation>respiri</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>how surely this is a living face</source>
      <translation>quanto è sicuro che sia un volto vivo</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>how well two cameras agree on it</source>
      <translation>quanto due telecamere concordano</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>how surely this is a face</source>
      <translation>quanto è sicuro che sia un volto</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>how many faces are believed</source>
      <translation>quanti volti sono creduti</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>1 while the cameras show something, 0 while they are covered or silent</source>
      <translation>1 se le telecamere mostrano qualcosa, 0 se sono coperte o mute</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>road</source>
      <translation>strada</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>instruments</source>
      <translation>strumenti</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>inside mirror</source>
      <translation>specchietto interno</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>left mirror</source>
      <translation>specchietto sinistro</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>right mirror</source>
      <translation>specchietto destro</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>windscreen</source>
      <translation>parabrezza</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>left window</source>
      <translation>finestrino sinistro</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>centre screen</source>
      <translation>schermo centrale</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>right window</source>
      <translation>finestrino destro</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>lap</source>
      <translation>grembo</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <location filename="gui/status/readouts.py" />
      <source>screen</source>
      <translation>schermo</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>keyboard</source>
      <translation>tastiera</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>left side</source>
      <translation>lato sinistro</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>right side</source>
      <translation>lato destro</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>mask</source>
      <translation>mascherina</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>hand</source>
      <translation>mano</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>unknown cover</source>
      <translation>copertura ignota</translation>
    </message>
    <message>
      <location filename="gui/alarms/sound.py" />
      <source>it did not end in time: the sound device hangs</source>
      <translation>non è finito in tempo: il dispositivo audio è bloccato</translation>
    </message>
    <message>
      <location filename="gui/alarms/sound.py" />
      <source>it cannot play</source>
      <translation>non può riprodurre</translation>
    </message>
    <message>
      <location filename="gui/alarms/sound.py" />
      <source>it cannot be started: {why}</source>
      <translation>non può essere avviato: {why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/sound.py" />
      <source>alarms are heard by the desktop's bell at most, since {why}</source>
      <translation>gli allarmi si sentono al più con il segnale del desktop, perché {why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/sound.py" />
      <source>no sound on this machine but the desktop's bell: install pw-play (pipewire-bin), paplay (pulseaudio-utils) or aplay (alsa-utils)</source>
      <translation>nessun suono su questa macchina se non il segnale del desktop: installa pw-play (pipewire-bin), paplay (pulseaudio-utils) o aplay (alsa-utils)</translation>
    </message>
    <message>
      <location filename="gui/alarms/sound.py" />
      <source>played by {name}</source>
      <translation>riprodotto da {name}</translation>
    </message>
    <message>
      <location filename="gui/alarms/sound.py" />
      <source>{name}: {why}</source>
      <translation>{name}: {why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>The window does not keep up</source>
      <translation>La finestra non tiene il passo</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>{names}: the camera is gone</source>
      <translation>{names}: la telecamera non c'è più</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source> (face {n})</source>
      <translation> (volto {n})</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>{words}: {reason}</source>
      <translation>{words}: {reason}</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>{names}: no picture comes</source>
      <translation>{names}: non arriva alcuna immagine</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>{name}: {n} frames lost in {s} s</source>
      <translation>{name}: {n} fotogrammi persi in {s} s</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>Pictures come, but none is painted</source>
      <translation>Arrivano immagini, ma nessuna viene disegnata</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>{names}: a clock leapt by {by} s: times and latency are unsure</source>
      <translation>{names}: un orologio è saltato di {by} s: tempi e latenza sono incerti</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>{name}: the screen is {ms} behind the camera (limit {limit})</source>
      <translation>{name}: lo schermo è {ms} dietro la telecamera (limite {limit})</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>The recording loses frames: {told}</source>
      <translation>La registrazione perde fotogrammi: {told}</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>{n} clips are not whole</source>
      <translation>{n} clip non sono intere</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>Works without: {names}</source>
      <translation>Lavora senza: {names}</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>Nothing is computed: no engine runs ({n} pictures)</source>
      <translation>Non si calcola nulla: nessun motore è attivo ({n} immagini)</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>{name}: no picture comes</source>
      <translation>{name}: non arriva alcuna immagine</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>{names}: pictures come, but they are not painted</source>
      <translation>{names}: arrivano immagini, ma non vengono disegnate</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>{name}: {engine} was given up, {other} runs</source>
      <translation>{name}: {engine} è stato abbandonato, gira {other}</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>{name}: the camera streams, but its picture is {age} old</source>
      <translation>{name}: la telecamera trasmette, ma la sua immagine è vecchia di {age}</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>The recording {name} ended by itself</source>
      <translation>La registrazione {name} è terminata da sola</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>The disk is nearly full: {left}</source>
      <translation>Il disco è quasi pieno: {left}</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>The cameras have ended</source>
      <translation>Le telecamere sono terminate</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>{name}: no engine could compute it</source>
      <translation>{name}: nessun motore ha potuto calcolarlo</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>{name}: the fallback {engine} runs</source>
      <translation>{name}: gira il motore di riserva {engine}</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>Nothing comes</source>
      <translation>Non arriva nulla</translation>
    </message>
    <message>
      <location filename="gui/alarms/troubles.py" />
      <source>An alarm was not told to {target}: {why}</source>
      <translation>Un allarme non è stato comunicato a {target}: {why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/troubles.py" />
      <source>An alarm has no clip: {why}</source>
      <translation>Un allarme non ha clip: {why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/troubles.py" />
      <source>Clips of alarms need room: {name} was deleted, the oldest of them.</source>
      <translation>Le clip degli allarmi hanno bisogno di spazio: {name}, la più vecchia, è stata eliminata.</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>acknowledged by {who} at {time}</source>
      <translation>confermato da {who} alle {time}</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>{alarms} ({n} of {people})</source>
      <translation>{alarms} (di cui {n} di {people})</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>last seen {time}</source>
      <translation>visto l'ultima volta alle {time}</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>alarm acknowledged by {who}: {what}</source>
      <translation>allarme confermato da {who}: {what}</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>bar of alarms off for {n} min, by {who}</source>
      <translation>barra degli allarmi spenta per {n} min, da {who}</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>bar of alarms on again, by {who}</source>
      <translation>barra degli allarmi riaccesa, da {who}</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>ALARM</source>
      <translation>ALLARME</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>WARNING</source>
      <translation>AVVISO</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>NOTICE</source>
      <translation>NOTA</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>since {time} ({age})</source>
      <translation>dalle {time} ({age})</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>{time}, over after {age}</source>
      <translation>{time}, finito dopo {age}</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>{seen}; still there</source>
      <translation>{seen}; c'è ancora</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>{seen}; over</source>
      <translation>{seen}; finito</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>1 alarm</source>
      <translation>1 allarme</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>{n} alarms</source>
      <translation>{n} allarmi</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>1 person</source>
      <translation>1 persona</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>{n} people</source>
      <translation>{n} persone</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>{alarms} of {people}</source>
      <translation>{alarms} di {people}</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>Alarms: {count}</source>
      <translation>Allarmi: {count}</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>sound of alarms off for {n} min, by {who}</source>
      <translation>suono degli allarmi spento per {n} min, da {who}</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>sound of alarms on again, by {who}</source>
      <translation>suono degli allarmi riacceso, da {who}</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>sound of alarms on again</source>
      <translation>suono degli allarmi riacceso</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>bar of alarms on again</source>
      <translation>barra degli allarmi riaccesa</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <location filename="gui/replay/timeline_words.py" />
      <location filename="gui/status/latency_words.py" />
      <location filename="gui/status/tile_words.py" />
      <location filename="gui/work/task_words.py" />
      <source>{n} s</source>
      <translation>{n} s</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>still there</source>
      <translation>c'è ancora</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>over, not acknowledged</source>
      <translation>finito, non confermato</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>sound off for {left}</source>
      <translation>suono spento per {left}</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>bar off for {left}</source>
      <translation>barra spenta per {left}</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>{what} acknowledged, still there</source>
      <translation>già confermati e ancora in corso: {what}</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>{n} times</source>
      <translation>{n} volte</translation>
    </message>
    <message>
      <location filename="gui/app.py" />
      <source>Something failed inside ({why}). What runs goes on; the log has the details.</source>
      <translation>Qualcosa all’interno non è riuscito ({why}). Ciò che è in corso continua; i dettagli sono nel registro.</translation>
    </message>
    <message>
      <location filename="gui/desk.py" />
      <source>this window shows what it was opened with: nothing else can be opened in it</source>
      <translation>questa finestra mostra ciò con cui è stata aperta: non vi si può aprire altro</translation>
    </message>
    <message>
      <location filename="gui/faces/eye_bar.py" />
      <location filename="gui/replay/track_values.py" />
      <source>right eye</source>
      <translation>occhio destro</translation>
    </message>
    <message>
      <location filename="gui/faces/eye_bar.py" />
      <location filename="gui/replay/track_values.py" />
      <source>left eye</source>
      <translation>occhio sinistro</translation>
    </message>
    <message>
      <location filename="gui/faces/eye_bar.py" />
      <source>right</source>
      <translation>destro</translation>
    </message>
    <message>
      <location filename="gui/faces/eye_bar.py" />
      <source>left</source>
      <translation>sinistro</translation>
    </message>
    <message>
      <location filename="gui/faces/eye_bar.py" />
      <source>{side} eye unknown</source>
      <translation>occhio {side} ignoto</translation>
    </message>
    <message>
      <location filename="gui/faces/eye_bar.py" />
      <source>{side} CLOSED {percent} %</source>
      <translation>{side} CHIUSO {percent} %</translation>
    </message>
    <message>
      <location filename="gui/faces/eye_bar.py" />
      <source>{side} open {percent} %</source>
      <translation>{side} aperto {percent} %</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <location filename="gui/tiles/filling.py" />
      <location filename="gui/tiles/tile_menu.py" />
      <location filename="gui/tiles/titles.py" />
      <source>Face {id}</source>
      <translation>Volto {id}</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <source>{share} sure</source>
      <translation>sicuro al {share}</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <location filename="gui/tiles/overlay_phrases.py" />
      <source>hottest {value} {unit}</source>
      <translation>più caldo {value} {unit}</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <source>95th percentile of the apparent temperature within the face in {stream}: no body temperature.</source>
      <translation>95° percentile della temperatura apparente entro il volto in {stream}: non è la temperatura corporea.</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <source>confidence</source>
      <translation>confidenza</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <location filename="gui/reason_phrases.py" />
      <location filename="gui/replay/track_values.py" />
      <source>distance</source>
      <translation>distanza</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <location filename="gui/reason_phrases.py" />
      <source>temperature</source>
      <translation>temperatura</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <location filename="gui/replay/track_values.py" />
      <source>yaw</source>
      <translation>imbardata</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <source>positive: turns to the person's own left</source>
      <translation>positiva: gira verso la propria sinistra</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <location filename="gui/replay/track_values.py" />
      <source>pitch</source>
      <translation>beccheggio</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <source>positive: looks up</source>
      <translation>positivo: guarda in su</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <location filename="gui/replay/track_values.py" />
      <source>roll</source>
      <translation>rollio</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <source>positive: tilts to the person's own right</source>
      <translation>positivo: si inclina verso la propria destra</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <source>how sure the models are</source>
      <translation>quanto sono sicuri i modelli</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <location filename="gui/tiles/overlay_phrases.py" />
      <source>not believed</source>
      <translation>non creduto</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <source>{n} more signals</source>
      <translation>altri {n} segnali</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <location filename="gui/tiles/overlay_phrases.py" />
      <source>uncertain</source>
      <translation>incerto</translation>
    </message>
    <message>
      <location filename="gui/faces/face_column.py" />
      <location filename="gui/tiles/freshness.py" />
      <source>no face</source>
      <translation>nessun volto</translation>
    </message>
    <message>
      <location filename="gui/faces/face_column.py" />
      <source>{n} more faces, farther away</source>
      <translation>altri {n} volti, più lontani</translation>
    </message>
    <message>
      <location filename="gui/faces/generated_view.py" />
      <source>GENERATED by {model}: imagined, not measured.</source>
      <translation>GENERATED da {model}: immaginato, non misurato.</translation>
    </message>
    <message>
      <location filename="gui/faces/generated_view.py" />
      <source>Mean confidence {share}: so likely is the relief of a pixel right to 10 mm. Where the model is unsure, the surface lies in fog.</source>
      <translation>Confidenza media {share}: tanto è probabile che il rilievo di un pixel sia giusto entro 10 mm. Dove il modello è incerto, la superficie è nella nebbia.</translation>
    </message>
    <message>
      <location filename="gui/faces/generated_view.py" />
      <source>{name} {share} sure</source>
      <translation>{name} sicuro al {share}</translation>
    </message>
    <message>
      <location filename="gui/faces/generated_view.py" />
      <source>This model does not tell how sure it is.</source>
      <translation>Questo modello non dice quanto è sicuro.</translation>
    </message>
    <message>
      <location filename="gui/faces/generated_view.py" />
      <source>Generated {name}</source>
      <translation>{name}, generato</translation>
    </message>
    <message>
      <location filename="gui/faces/generated_view.py" />
      <source>Depth hardly tells colors: no part of this picture is surer than another.</source>
      <translation>La profondità quasi non dice i colori: nessuna parte di questa immagine è più sicura di un'altra.</translation>
    </message>
    <message>
      <location filename="gui/faces/generated_view.py" />
      <source>One eye does not tell a face: this is no likeness of anybody.</source>
      <translation>Un occhio non dice un volto: questo non è il ritratto di nessuno.</translation>
    </message>
    <message>
      <location filename="gui/faces/generated_view.py" />
      <source>{name}: sureness not told</source>
      <translation>{name}: sicurezza non detta</translation>
    </message>
    <message>
      <location filename="gui/look/dock_title.py" />
      <source>Close the panel</source>
      <translation>Chiudi il pannello</translation>
    </message>
    <message>
      <location filename="gui/looks/look.py" />
      <source>Ironbow</source>
      <translation>Ferro</translation>
    </message>
    <message>
      <location filename="gui/looks/look.py" />
      <source>White hot</source>
      <translation>Bianco caldo</translation>
    </message>
    <message>
      <location filename="gui/looks/look.py" />
      <source>Black hot</source>
      <translation>Nero caldo</translation>
    </message>
    <message>
      <location filename="gui/looks/look.py" />
      <source>Rainbow</source>
      <translation>Arcobaleno</translation>
    </message>
    <message>
      <location filename="gui/looks/look.py" />
      <source>Arctic</source>
      <translation>Artico</translation>
    </message>
    <message>
      <location filename="gui/looks/look.py" />
      <source>Inferno</source>
      <translation>Inferno</translation>
    </message>
    <message>
      <location filename="gui/looks/look.py" />
      <source>Viridis</source>
      <translation>Viridis</translation>
    </message>
    <message>
      <location filename="gui/looks/look.py" />
      <source>Cividis</source>
      <translation>Cividis</translation>
    </message>
    <message>
      <location filename="gui/looks/look.py" />
      <source>Turbo</source>
      <translation>Turbo</translation>
    </message>
    <message>
      <location filename="gui/looks/look_dock.py" />
      <source>Look of a stream</source>
      <translation>Aspetto di un flusso</translation>
    </message>
    <message>
      <location filename="gui/looks/look_marks.py" />
      <source> ({age} old)</source>
      <translation> (vecchio di {age})</translation>
    </message>
    <message>
      <location filename="gui/looks/look_marks.py" />
      <location filename="gui/looks/spots.py" />
      <source>shutter closed</source>
      <translation>otturatore chiuso</translation>
    </message>
    <message>
      <location filename="gui/looks/look_marks.py" />
      <location filename="gui/looks/marks_table.py" />
      <location filename="gui/replay/transport.py" />
      <source>max</source>
      <translation>max</translation>
    </message>
    <message>
      <location filename="gui/looks/look_marks.py" />
      <location filename="gui/looks/marks_table.py" />
      <source>min</source>
      <translation>min</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Off</source>
      <translation>No</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Above</source>
      <translation>Sopra</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Below</source>
      <translation>Sotto</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Between</source>
      <translation>Fra</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Stream</source>
      <translation>Flusso</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Which stream's look this is.</source>
      <translation>Di quale flusso è questo aspetto.</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Palette</source>
      <translation>Tavolozza</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Colors of depth and thermal (C: the next one).</source>
      <translation>Colori di profondità e termico (C: il successivo).</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Range</source>
      <translation>Campo</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Keep the range as it is; otherwise it follows the picture slowly.</source>
      <translation>Tiene il campo com'è; altrimenti segue lentamente l'immagine.</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Lock the range</source>
      <translation>Blocca il campo</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Low</source>
      <translation>Minimo</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Value of the first color.</source>
      <translation>Valore del primo colore.</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>High</source>
      <translation>Massimo</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Value of the last color.</source>
      <translation>Valore dell'ultimo colore.</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Level</source>
      <translation>Livello</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Value in the middle of the colors.</source>
      <translation>Valore al centro dei colori.</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Span</source>
      <translation>Ampiezza</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>From the first color to the last.</source>
      <translation>Dal primo colore all'ultimo.</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Paint these values in one color over the palette.</source>
      <translation>Dipinge questi valori in un solo colore sopra la tavolozza.</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Isotherm from</source>
      <translation>Isoterma da</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Lowest value that is painted.</source>
      <translation>Valore più basso che viene dipinto.</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Isotherm to</source>
      <translation>Isoterma a</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Highest value that is painted.</source>
      <translation>Valore più alto che viene dipinto.</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>For the eye</source>
      <translation>Per l'occhio</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Only what is shown changes: the models always get the camera's own pixels.</source>
      <translation>Cambia solo ciò che si mostra: i modelli ricevono sempre i pixel della telecamera.</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Gamma</source>
      <translation>Gamma</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Above 1 lifts the shadows; 1 leaves the picture as it is.</source>
      <translation>Sopra 1 schiarisce le ombre; 1 lascia l'immagine com'è.</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Contrast is raised in each part of the picture by itself.</source>
      <translation>Il contrasto viene alzato in ogni parte dell'immagine per sé.</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Limit of CLAHE</source>
      <translation>Limite di CLAHE</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>How far contrast is raised at most.</source>
      <translation>Quanto si alza al massimo il contrasto.</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Readouts</source>
      <translation>Letture</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Spot</source>
      <translation>Punto</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Then click on the picture: reads one pixel.</source>
      <translation>Poi clicca sull'immagine: legge un pixel.</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Area</source>
      <translation>Area</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Then draw on the picture: reads the lowest, mean and highest value.</source>
      <translation>Poi disegna sull'immagine: legge il valore minimo, medio e massimo.</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Delete</source>
      <translation>Elimina</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Take the chosen spot or area away (Delete in the list).</source>
      <translation>Toglie il punto o l'area scelti (Canc nell'elenco).</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Highest</source>
      <translation>Massimo</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Follow the hottest (in depth: the farthest) pixel.</source>
      <translation>Segue il pixel più caldo (in profondità: il più lontano).</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Lowest</source>
      <translation>Minimo</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Follow the coldest (in depth: the nearest) pixel.</source>
      <translation>Segue il pixel più freddo (in profondità: il più vicino).</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Temperatures in</source>
      <translation>Temperature in</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>In which unit temperatures are written everywhere.</source>
      <translation>In quale unità si scrivono ovunque le temperature.</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Red pictures at night</source>
      <translation>Immagini rosse di notte</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>In the night theme pictures are red too, so that eyes stay used to the dark.</source>
      <translation>Nel tema notturno anche le immagini sono rosse, perché gli occhi restino abituati al buio.</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>in {unit}</source>
      <translation>in {unit}</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Mark distances</source>
      <translation>Marca le distanze</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>the picture is {age} old</source>
      <translation>l'immagine è vecchia di {age}</translation>
    </message>
    <message>
      <location filename="gui/looks/looks_part.py" />
      <source>click on the picture</source>
      <translation>clicca sull'immagine</translation>
    </message>
    <message>
      <location filename="gui/looks/looks_part.py" />
      <source>draw on the picture</source>
      <translation>disegna sull'immagine</translation>
    </message>
    <message>
      <location filename="gui/looks/looks_part.py" />
      <source>{where}; the same key once more puts it into the middle</source>
      <translation>{where}; di nuovo lo stesso tasto lo mette al centro</translation>
    </message>
    <message>
      <location filename="gui/looks/looks_part.py" />
      <source>no gray or infrared picture is shown: CLAHE is for these</source>
      <translation>non si mostra alcuna immagine grigia o infrarossa: CLAHE serve a queste</translation>
    </message>
    <message>
      <location filename="gui/looks/looks_part.py" />
      <source>nothing is measured in this picture: spots are for depth, thermal and gray</source>
      <translation>in questa immagine non si misura nulla: i punti sono per profondità, termico e grigio</translation>
    </message>
    <message>
      <location filename="gui/looks/looks_part.py" />
      <source>there are {n} spots and areas, and no more</source>
      <translation>ci sono {n} punti e aree, e non di più</translation>
    </message>
    <message>
      <location filename="gui/looks/looks_part.py" />
      <source>{name} reads the middle; {keys} opens the list in which it is moved</source>
      <translation>{name} legge il centro; {keys} apre l'elenco in cui si sposta</translation>
    </message>
    <message>
      <location filename="gui/looks/looks_part.py" />
      <source>{name} reads the middle; the panel of looks has the list in which it is moved</source>
      <translation>{name} legge il centro; l'elenco in cui si sposta è nel pannello dell'aspetto</translation>
    </message>
    <message>
      <location filename="gui/looks/marks_table.py" />
      <source>Spots and areas</source>
      <translation>Punti e aree</translation>
    </message>
    <message>
      <location filename="gui/looks/marks_table.py" />
      <source>Shift and the arrows move the chosen one, Ctrl+Shift by ten pixels; Delete takes it away.</source>
      <translation>Maiusc e le frecce spostano quello scelto, Ctrl+Maiusc di dieci pixel; Canc lo toglie.</translation>
    </message>
    <message>
      <location filename="gui/looks/marks_table.py" />
      <source>mean</source>
      <translation>media</translation>
    </message>
    <message>
      <location filename="gui/looks/scale.py" />
      <source>not radiometric</source>
      <translation>non radiometrica</translation>
    </message>
    <message>
      <location filename="gui/looks/scale.py" />
      <source>not radiometric: {why}</source>
      <translation>non radiometrica: {why}</translation>
    </message>
    <message>
      <location filename="gui/looks/scale.py" />
      <source>counts</source>
      <translation>conteggi</translation>
    </message>
    <message>
      <location filename="gui/looks/spots.py" />
      <source>generated, not measured</source>
      <translation>generato, non misurato</translation>
    </message>
    <message>
      <location filename="gui/looks/spots.py" />
      <source>color is not measured</source>
      <translation>il colore non è misurato</translation>
    </message>
    <message>
      <location filename="gui/looks/spots.py" />
      <source>outside the picture</source>
      <translation>fuori dall'immagine</translation>
    </message>
    <message>
      <location filename="gui/looks/spots.py" />
      <source>saturated</source>
      <translation>saturo</translation>
    </message>
    <message>
      <location filename="gui/looks/spots.py" />
      <location filename="gui/tiles/readout.py" />
      <source>no reading</source>
      <translation>nessuna lettura</translation>
    </message>
    <message>
      <location filename="gui/looks/spots.py" />
      <source>no temperature that can be</source>
      <translation>temperatura impossibile</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <location filename="gui/tiles/face_pictures.py" />
      <source>no landmarks</source>
      <translation>nessun punto del volto</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no landmarks are seen</source>
      <translation>non si vede alcun punto del volto</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the face has no landmarks</source>
      <translation>il volto non ha punti</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the landmark model sees no face here ({evidence})</source>
      <translation>il modello dei punti del volto non vede qui alcun volto ({evidence})</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no image could be read at the face</source>
      <translation>nessuna immagine leggibile in corrispondenza del volto</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the model {name} is not loaded: {why}</source>
      <translation>il modello {name} non è caricato: {why}</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>it was not asked for</source>
      <translation>non è stato richiesto</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>uncalibrated camera</source>
      <translation>telecamera non calibrata</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>uncalibrated camera: the angles assume a field of view of {degrees} degrees</source>
      <translation>telecamera non calibrata: gli angoli presuppongono un campo visivo di {degrees} gradi</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no depth stream</source>
      <translation>nessun flusso di profondità</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no depth reading round the head centre</source>
      <translation>nessuna lettura di profondità attorno al centro della testa</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no distance is known</source>
      <translation>la distanza non è nota</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the head centre lies beyond what the lens shows</source>
      <translation>il centro della testa è oltre ciò che l'obiettivo mostra</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the head centre lies outside the image</source>
      <translation>il centro della testa è fuori dall'immagine</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>depths round the head centre span {mm} mm: something is held before the face, or its edge is there</source>
      <translation>le profondità attorno al centro della testa variano di {mm} mm: qualcosa è tenuto davanti al volto, o lì c'è il suo bordo</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>a picture of a face: the surface is flat to {mm} mm</source>
      <translation>immagine di un volto: la superficie è piana entro {mm} mm</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>a picture of a face: a bent sheet, smooth to {mm} mm</source>
      <translation>immagine di un volto: un foglio curvo, liscio entro {mm} mm</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>a picture or a doll: {times} times the size of a face at its distance</source>
      <translation>immagine o bambola: {times} volte la grandezza di un volto a quella distanza</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>not told while a face is followed</source>
      <translation>non detto mentre un volto è seguito</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>followed for {n} FrameSet: the model rests</source>
      <translation>seguito per {n} FrameSet: il modello riposa</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>followed for {n} FrameSets: the model rests</source>
      <translation>seguito per {n} FrameSet: il modello riposa</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>only {n} of {total} steady landmarks are seen well enough</source>
      <translation>solo {n} dei {total} punti stabili del volto si vedono abbastanza bene</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the landmarks lie within 2 px of a line</source>
      <translation>i punti del volto stanno entro 2 px da una retta</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the landmarks lie upon each other</source>
      <translation>i punti del volto stanno l'uno sull'altro</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no head pose fits the landmarks</source>
      <translation>nessuna posa della testa corrisponde ai punti del volto</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no head pose fits the landmarks ({why})</source>
      <translation>nessuna posa della testa corrisponde ai punti del volto ({why})</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the head pose that fits the landmarks lies behind the camera</source>
      <translation>la posa della testa che corrisponde ai punti del volto è dietro la telecamera</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the head pose that fits the landmarks lies beyond what the lens shows</source>
      <translation>la posa della testa che corrisponde ai punti del volto è oltre ciò che l'obiettivo mostra</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the head pose that fits the landmarks shows the back of the head</source>
      <translation>la posa della testa che corrisponde ai punti del volto mostra la nuca</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the average head misses the landmarks by {px} px, {share} % of the distance between the eyes' corners</source>
      <translation>la testa media manca i punti del volto di {px} px, il {share} % della distanza fra gli angoli degli occhi</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the head pose is no number</source>
      <translation>la posa della testa non è un numero</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>too far: {px} px between the outer eye corners, {least} are needed</source>
      <translation>troppo lontano: {px} px fra gli angoli esterni degli occhi, ne servono {least}</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>cut by the border: {share} % of the face lie outside</source>
      <translation>tagliato dal bordo: il {share} % del volto è fuori</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>blinded: {share} % of the face is white or black</source>
      <translation>abbagliato: il {share} % del volto è bianco o nero</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>an eye lies at the border of the picture</source>
      <translation>un occhio è al bordo dell'immagine</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>read from depth, which does not show whether eyes are open</source>
      <translation>letto dalla profondità, che non mostra se gli occhi sono aperti</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>read from a thermal image, which hardly shows whether eyes are open</source>
      <translation>letto da un'immagine termica, che a malapena mostra se gli occhi sono aperti</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>failed: {name}: {why}</source>
      <translation>fallito: {name}: {why}</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>nobody looked: {why}</source>
      <translation>nessuno ha guardato: {why}</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>not computed</source>
      <translation>non calcolato</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>not computed: {why}</source>
      <translation>non calcolato: {why}</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>made every n-th FrameSet to keep the latency budget</source>
      <translation>fatto ogni n FrameSet per rispettare il limite di latenza</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>there is no picture to make it from</source>
      <translation>non c'è un'immagine da cui farlo</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>{share} % of the face is white or black in the picture</source>
      <translation>il {share} % del volto è bianco o nero nell'immagine</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>where the eyes are is not known</source>
      <translation>non si sa dove siano gli occhi</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the head is turned by {degrees} degrees: its eye is hardly seen</source>
      <translation>la testa è girata di {degrees} gradi: il suo occhio si vede appena</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the eye is {found} px wide, {needed} are needed</source>
      <translation>l'occhio è largo {found} px, ne servono {needed}</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>{share} % of the eye is white or black in the picture</source>
      <translation>il {share} % dell'occhio è bianco o nero nell'immagine</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the eye picture has no contrast ({levels} levels)</source>
      <translation>l'immagine dell'occhio non ha contrasto ({levels} livelli)</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the picture shows next to nothing at the face</source>
      <translation>l'immagine non mostra quasi nulla in corrispondenza del volto</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>there is no depth to make it from</source>
      <translation>non c'è profondità da cui farlo</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>there is no depth reading at the face to make it from</source>
      <translation>nessuna lettura di profondità sul volto da cui farlo</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>only {share} % of the crop has depth in range</source>
      <translation>solo il {share} % del ritaglio ha una profondità entro il campo</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>without a head pose nobody knows whether the eyes can be seen</source>
      <translation>senza una posa della testa non si sa se gli occhi si vedono</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the head is turned by {degrees} degrees: one eye is hidden</source>
      <translation>la testa è girata di {degrees} gradi: un occhio è nascosto</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the head is tilted by {degrees} degrees: the lids are hidden</source>
      <translation>la testa è inclinata di {degrees} gradi: le palpebre sono nascoste</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the landmarks of an eye are unsure (confidence {sure})</source>
      <translation>i punti di un occhio sono incerti (confidenza {sure})</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the landmarks of the right eye are unsure ({sure})</source>
      <translation>i punti dell'occhio destro sono incerti ({sure})</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the landmarks of the left eye are unsure ({sure})</source>
      <translation>i punti dell'occhio sinistro sono incerti ({sure})</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the right eye cannot be measured</source>
      <translation>l'occhio destro non si può misurare</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>nobody can tell how far the right eye is open (confidence {sure})</source>
      <translation>nessuno sa dire quanto sia aperto l'occhio destro (confidenza {sure})</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>nobody can tell how far the left eye is open (confidence {sure})</source>
      <translation>nessuno sa dire quanto sia aperto l'occhio sinistro (confidenza {sure})</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the left eye cannot be measured</source>
      <translation>l'occhio sinistro non si può misurare</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the right eye is on the far side: the head is turned by {degrees} degrees</source>
      <translation>l'occhio destro è sul lato lontano: la testa è girata di {degrees} gradi</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the left eye is on the far side: the head is turned by {degrees} degrees</source>
      <translation>l'occhio sinistro è sul lato lontano: la testa è girata di {degrees} gradi</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no eyes are seen: the head is turned {degrees} degrees</source>
      <translation>gli occhi non si vedono: la testa è girata di {degrees} gradi</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the lids are not seen: the head is tilted {degrees} degrees</source>
      <translation>le palpebre non si vedono: la testa è inclinata di {degrees} gradi</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the eyes are too small: {px} px between their outer corners</source>
      <translation>gli occhi sono troppo piccoli: {px} px fra gli angoli esterni</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the corners of the eyes are not seen</source>
      <translation>gli angoli degli occhi non si vedono</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the eyes are read too weakly to tell whether they are closed (confidence {sure})</source>
      <translation>gli occhi si leggono troppo debolmente per dire se sono chiusi (confidenza {sure})</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no blink has been seen yet</source>
      <translation>non si è ancora visto alcun battito di ciglia</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the eyes were seen for {seconds} s, {least} are needed</source>
      <translation>gli occhi si sono visti per {seconds} s, ne servono {least}</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the eyes were seen for {share} % of the last {seconds} s, {least} % are needed</source>
      <translation>gli occhi si sono visti per il {share} % degli ultimi {seconds} s, serve il {least} %</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>a picture every {seconds} s is too few to see blinks</source>
      <translation>un'immagine ogni {seconds} s è troppo poco per vedere i battiti di ciglia</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the gaze is not known</source>
      <translation>lo sguardo non è noto</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the gaze has been known for {seconds} s only</source>
      <translation>lo sguardo è noto solo da {seconds} s</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the gaze was known for {share} % of the time, {least} % are needed</source>
      <translation>lo sguardo era noto per il {share} % del tempo, serve il {least} %</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no head pose is known</source>
      <translation>la posa della testa non è nota</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the head is turned {degrees} degrees away from the camera</source>
      <translation>la testa è girata di {degrees} gradi rispetto alla telecamera</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no depth, and no face to measure</source>
      <translation>nessuna profondità, e nessun volto da misurare</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no depth, and no face to measure: {why}</source>
      <translation>nessuna profondità, e nessun volto da misurare: {why}</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no depth, and the lens is not known: the camera is not calibrated</source>
      <translation>nessuna profondità, e l'obiettivo non è noto: la telecamera non è calibrata</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no depth, and the head is turned {degrees} degrees: its size is not seen</source>
      <translation>nessuna profondità, e la testa è girata di {degrees} gradi: la sua grandezza non si vede</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>seen for {seconds} s only</source>
      <translation>visto solo per {seconds} s</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the distance has leapt by {m} m</source>
      <translation>la distanza è saltata di {m} m</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>{celsius} °C is no face's temperature</source>
      <translation>{celsius} °C non è la temperatura di un volto</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the shutter is closed</source>
      <translation>l'otturatore è chiuso</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the thermal camera's shutter is closed</source>
      <translation>l'otturatore della telecamera termica è chiuso</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the thermal picture is old</source>
      <translation>l'immagine termica è vecchia</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the thermal picture is generated: it measures nothing</source>
      <translation>l'immagine termica è generata: non misura nulla</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the thermal image is an 8-bit picture, no counts</source>
      <translation>l'immagine termica è a 8 bit, non conteggi</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the thermal image would be colder or hotter than anything is: its counts are not what they claim</source>
      <translation>l'immagine termica sarebbe più fredda o più calda di qualsiasi cosa: i suoi conteggi non sono ciò che dichiarano</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the thermal camera is not radiometric: its counts are no temperatures</source>
      <translation>la telecamera termica non è radiometrica: i suoi conteggi non sono temperature</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>relative only: the thermal camera is not radiometric</source>
      <translation>solo relativo: la telecamera termica non è radiometrica</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the picture shows temperatures in false colours, not light</source>
      <translation>l'immagine mostra temperature in falsi colori, non luce</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the face is too small in the thermal picture, or outside</source>
      <translation>il volto è troppo piccolo nell'immagine termica, o è fuori</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the face is too small in the thermal picture: {px} px between the eyes</source>
      <translation>il volto è troppo piccolo nell'immagine termica: {px} px fra gli occhi</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the thermal sensor is at its limit there</source>
      <translation>lì il sensore termico è al suo limite</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the camera's map to kelvin gives no number</source>
      <translation>la conversione in kelvin della telecamera non dà un numero</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no thermal camera looks at the face</source>
      <translation>nessuna telecamera termica guarda il volto</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the thermal camera gives no pictures</source>
      <translation>la telecamera termica non dà immagini</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no calibration and distance lead from the face to the thermal picture</source>
      <translation>nessuna calibrazione e distanza portano dal volto all'immagine termica</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the thermal camera does not see the face</source>
      <translation>la telecamera termica non vede il volto</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the thermal picture does not show the whole face</source>
      <translation>l'immagine termica non mostra tutto il volto</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the border of the thermal picture cuts the face</source>
      <translation>il bordo dell'immagine termica taglia il volto</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the points may be {px} px off in the thermal picture</source>
      <translation>i punti possono essere spostati di {px} px nell'immagine termica</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the face moves too fast for the thermal camera: {speed} eye distances a second</source>
      <translation>il volto si muove troppo in fretta per la telecamera termica: {speed} distanze fra gli occhi al secondo</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>a pixel covers {mm} mm of the face: too coarse for the corner of an eye</source>
      <translation>un pixel copre {mm} mm del volto: troppo per l'angolo di un occhio</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>a pixel covers {mm} mm of the face: too coarse for the forehead</source>
      <translation>un pixel copre {mm} mm del volto: troppo per la fronte</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>glasses hide the corners of the eyes from a thermal camera</source>
      <translation>gli occhiali nascondono gli angoli degli occhi a una telecamera termica</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the corners of the eyes are colder than the cheeks: glass or something else is before them</source>
      <translation>gli angoli degli occhi sono più freddi delle guance: davanti c'è un vetro o altro</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the forehead lies outside the thermal picture</source>
      <translation>la fronte è fuori dall'immagine termica</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the forehead is not even, {kelvin} K: hair or a hat is there</source>
      <translation>la fronte non è uniforme, {kelvin} K: ci sono capelli o un cappello</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the cheeks are not seen in the thermal picture</source>
      <translation>le guance non si vedono nell'immagine termica</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the cheeks are covered or not seen in the thermal picture</source>
      <translation>le guance sono coperte o non si vedono nell'immagine termica</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the forehead is colder than the face: hair or a hat is there</source>
      <translation>la fronte è più fredda del volto: ci sono capelli o un cappello</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the head is turned {degrees} degrees</source>
      <translation>la testa è girata di {degrees} gradi</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the head is tilted {degrees} degrees</source>
      <translation>la testa è inclinata di {degrees} gradi</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>without a head pose nobody knows whether the mouth can be seen</source>
      <translation>senza una posa della testa non si sa se la bocca si vede</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the mouth is not seen: the head is turned {degrees} degrees</source>
      <translation>la bocca non si vede: la testa è girata di {degrees} gradi</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the mouth is not seen: the head is tilted {degrees} degrees</source>
      <translation>la bocca non si vede: la testa è inclinata di {degrees} gradi</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the mouth's landmarks are not seen</source>
      <translation>i punti della bocca non si vedono</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the landmarks of the mouth are unsure ({sure})</source>
      <translation>i punti della bocca sono incerti ({sure})</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the mouth was seen for {seconds} s, {least} are needed</source>
      <translation>la bocca si è vista per {seconds} s, ne servono {least}</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the mouth is too small: {px} px wide</source>
      <translation>la bocca è troppo piccola: larga {px} px</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the mouth is too small: not seen whole</source>
      <translation>la bocca è troppo piccola: non si vede intera</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the mouth is covered: mask</source>
      <translation>la bocca è coperta: mascherina</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the mouth is covered: hand</source>
      <translation>la bocca è coperta: mano</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the mouth is covered: unknown cover</source>
      <translation>la bocca è coperta: copertura ignota</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the mouth is covered or unclear: its landmarks are at {sure}, usually at {usual}</source>
      <translation>la bocca è coperta o poco chiara: i suoi punti sono a {sure}, di solito a {usual}</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the head is turned {degrees} degrees: the nostrils are hidden</source>
      <translation>la testa è girata di {degrees} gradi: le narici sono nascoste</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>too few pixels: {px} px across the nose</source>
      <translation>troppo pochi pixel: {px} px sul naso</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the head moves</source>
      <translation>la testa si muove</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the thermal picture does not show nose and cheeks</source>
      <translation>l'immagine termica non mostra naso e guance</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the mouth moves: who talks breathes unevenly</source>
      <translation>la bocca si muove: chi parla respira in modo irregolare</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no rhythm stands out: {share} % of the changes follow one</source>
      <translation>nessun ritmo spicca: il {share} % delle variazioni ne segue uno</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>{rate} a minute is no breathing</source>
      <translation>{rate} al minuto non è un respiro</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the breaths are uneven: spectrum and crossings do not agree</source>
      <translation>i respiri sono irregolari: spettro e passaggi per lo zero non concordano</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the rhythm changes within the window</source>
      <translation>il ritmo cambia entro l'intervallo</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the rhythm is not steady yet</source>
      <translation>il ritmo non è ancora stabile</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>nothing changes under the nose</source>
      <translation>sotto il naso non cambia nulla</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>nothing was seen yet</source>
      <translation>non si è ancora visto nulla</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>nose and cheeks were not seen</source>
      <translation>naso e guance non si sono visti</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>only {seconds} s are known, {least} are needed</source>
      <translation>sono noti solo {seconds} s, ne servono {least}</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>only {share} % of the last {seconds} s are known: {why}</source>
      <translation>è noto solo il {share} % degli ultimi {seconds} s: {why}</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>{rate} thermal pictures a second are too few, {least} are needed</source>
      <translation>{rate} immagini termiche al secondo sono troppo poche, ne servono {least}</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>only one camera looks at the face</source>
      <translation>una sola telecamera guarda il volto</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no landmarks were read there</source>
      <translation>là non sono stati letti punti</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no calibration and distance lead there</source>
      <translation>né calibrazione né distanza portano là</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>its picture is {ms} ms apart</source>
      <translation>la sua immagine dista {ms} ms</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the face is too small there: {px} px between the eyes</source>
      <translation>là il volto è troppo piccolo: {px} px tra gli occhi</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the face is too small there, or not in the picture</source>
      <translation>là il volto è troppo piccolo, o fuori dall'immagine</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no points there</source>
      <translation>là nessun punto</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the projection may be {px} px off</source>
      <translation>la proiezione può sbagliare di {px} px</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>only {n} landmarks are seen by both</source>
      <translation>solo {n} punti sono visti da entrambe</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>its landmarks are not believed</source>
      <translation>i suoi punti non sono creduti</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>its picture is old</source>
      <translation>la sua immagine è vecchia</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>its shutter is closed</source>
      <translation>il suo otturatore è chiuso</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>its picture is generated</source>
      <translation>la sua immagine è generata</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no face is seen there</source>
      <translation>là non si vede alcun volto</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no face is seen there, in one look so far</source>
      <translation>là non si vede alcun volto, finora in un solo sguardo</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>it agrees, in one look so far</source>
      <translation>concorda, finora in un solo sguardo</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>it disagrees, in one look so far</source>
      <translation>non concorda, finora in un solo sguardo</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>neither picture nor warmth nor depth shows enough of the face</source>
      <translation>né immagine né calore né profondità mostrano abbastanza del volto</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the picture alone does not tell it: warmth or depth is needed</source>
      <translation>la sola immagine non lo dice: servono calore o profondità</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>{m} m are too far for the depth sensor to tell a relief</source>
      <translation>{m} m sono troppi perché il sensore di profondità distingua un rilievo</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the face is too small in the depth picture: {px} px between the eyes</source>
      <translation>il volto è troppo piccolo nell'immagine di profondità: {px} px fra gli occhi</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>nose, eyes or mouth have no depth reading</source>
      <translation>naso, occhi o bocca non hanno una lettura di profondità</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no depth sensor looks at the face</source>
      <translation>nessun sensore di profondità guarda il volto</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>too little depth is measured on the face</source>
      <translation>sul volto si misura troppo poca profondità</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the depth is generated: it shows a face in every picture</source>
      <translation>la profondità è generata: mostra un volto in ogni immagine</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the depth picture is old</source>
      <translation>l'immagine di profondità è vecchia</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>relative only: a thermal camera that is not radiometric tells no living skin from a warm screen</source>
      <translation>solo relativo: una telecamera termica non radiometrica non distingue la pelle viva da uno schermo caldo</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>a thermal pixel covers {mm} mm of the face: too coarse</source>
      <translation>un pixel termico copre {mm} mm del volto: troppo</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>glasses hide the warm corners of the eyes</source>
      <translation>gli occhiali nascondono gli angoli caldi degli occhi</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the cheeks are much colder than the eyes: something covers them</source>
      <translation>le guance sono molto più fredde degli occhi: qualcosa le copre</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the room is nearly as warm as skin: paper before a face would be as warm</source>
      <translation>l'ambiente è caldo quasi quanto la pelle: anche carta davanti a un volto lo sarebbe</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>cheeks and eyes are not seen in the thermal picture</source>
      <translation>guance e occhi non si vedono nell'immagine termica</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>nothing beside the head is seen in the thermal picture</source>
      <translation>accanto alla testa non si vede nulla nell'immagine termica</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <location filename="gui/replay/compare_panel.py" />
      <location filename="gui/tiles/face_pictures.py" />
      <source>face</source>
      <translation>volto</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>place of the head</source>
      <translation>posizione della testa</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <location filename="gui/replay/compare_panel.py" />
      <location filename="gui/tiles/face_pictures.py" />
      <source>landmarks</source>
      <translation>punti del volto</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>head pose</source>
      <translation>posa della testa</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>eyes</source>
      <translation>occhi</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>relief</source>
      <translation>rilievo</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <location filename="gui/tiles/titles.py" />
      <source>color</source>
      <translation>colore</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>face from eye</source>
      <translation>volto da un occhio</translation>
    </message>
    <message>
      <location filename="gui/reasons.py" />
      <source>{what} – {why}</source>
      <translation>{what} – {why}</translation>
    </message>
    <message>
      <location filename="gui/reasons.py" />
      <source>no real face: {why}</source>
      <translation>non è un volto reale: {why}</translation>
    </message>
    <message>
      <location filename="gui/reasons.py" />
      <source>{value} {unit} is no face's temperature</source>
      <translation>{value} {unit} non è la temperatura di un volto</translation>
    </message>
    <message>
      <location filename="gui/reasons.py" />
      <source>unsure: {what}</source>
      <translation>incerto: {what}</translation>
    </message>
    <message>
      <location filename="gui/reasons.py" />
      <source>not known: {what}</source>
      <translation>non noto: {what}</translation>
    </message>
    <message>
      <location filename="gui/replay/bookmark_control.py" />
      <source>bookmark at {time}</source>
      <translation>segnalibro a {time}</translation>
    </message>
    <message>
      <location filename="gui/replay/bookmark_control.py" />
      <source>no bookmark after this frame</source>
      <translation>nessun segnalibro dopo questo fotogramma</translation>
    </message>
    <message>
      <location filename="gui/replay/bookmark_control.py" />
      <source>no bookmark before this frame</source>
      <translation>nessun segnalibro prima di questo fotogramma</translation>
    </message>
    <message>
      <location filename="gui/replay/bookmark_control.py" />
      <location filename="gui/replay/compare_control.py" />
      <location filename="gui/replay/goto.py" />
      <location filename="gui/replay/rules_control.py" />
      <source>the recording is not open yet</source>
      <translation>la registrazione non è ancora aperta</translation>
    </message>
    <message>
      <location filename="gui/replay/bookmark_control.py" />
      <source>{words}; {keys} adds one with a note</source>
      <translation>{words}; {keys} ne aggiunge uno con una nota</translation>
    </message>
    <message>
      <location filename="gui/replay/bookmark_control.py" />
      <source>bookmark at {time}: {note}</source>
      <translation>segnalibro a {time}: {note}</translation>
    </message>
    <message>
      <location filename="gui/replay/bookmark_control.py" />
      <location filename="gui/replay/event_list.py" />
      <location filename="gui/replay/timeline_bar.py" />
      <source>bookmark</source>
      <translation>segnalibro</translation>
    </message>
    <message>
      <location filename="gui/replay/bookmark_control.py" />
      <source>bookmark deleted: {note}</source>
      <translation>segnalibro eliminato: {note}</translation>
    </message>
    <message>
      <location filename="gui/replay/bookmark_control.py" />
      <source>without a note</source>
      <translation>senza nota</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_control.py" />
      <source>reading what was recorded: {percent} %</source>
      <translation>lettura di ciò che fu registrato: {percent} %</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_control.py" />
      <source>after</source>
      <translation>dopo</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_control.py" />
      <source>before</source>
      <translation>prima di</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_control.py" />
      <source>compare first ({keys}): differences are found while it plays</source>
      <translation>prima confronta ({keys}): le differenze si trovano durante la riproduzione</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_control.py" />
      <source>compare first: differences are found while it plays</source>
      <translation>prima confronta: le differenze si trovano durante la riproduzione</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_control.py" />
      <source>nothing to compare: what was recorded cannot be read</source>
      <translation>nulla da confrontare: ciò che fu registrato non si può leggere</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_control.py" />
      <source>no difference {where} this frame among the {n} of {count} frames that were compared</source>
      <translation>nessuna differenza {where} questo fotogramma, fra i {n} di {count} fotogrammi confrontati</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_control.py" />
      <source>nothing to compare: this recording stores no observations</source>
      <translation>nulla da confrontare: questa registrazione non contiene osservazioni</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_control.py" />
      <source>difference at {time}</source>
      <translation>differenza a {time}</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>not compared yet</source>
      <translation>non ancora confrontato</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>not processed when it was recorded: nothing to compare with</source>
      <translation>non elaborato quando fu registrato: nulla con cui confrontare</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>processed when it was recorded, but no observation of it can be read</source>
      <translation>elaborato quando fu registrato, ma non se ne può leggere alcuna osservazione</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>equal to the last byte</source>
      <translation>uguale fino all'ultimo byte</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>equal within the tolerances</source>
      <translation>uguale entro le tolleranze</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>differs; tracking began elsewhere than when it was recorded, which alone may do that</source>
      <translation>differisce; l'inseguimento è iniziato altrove rispetto a quando fu registrato, e già questo può causarlo</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>differs beyond the tolerances</source>
      <translation>differisce oltre le tolleranze</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>#{id} only now</source>
      <translation>#{id} solo ora</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>#{id} only recorded</source>
      <translation>#{id} solo registrato</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>Recorded beside computed now</source>
      <translation>Registrato accanto a calcolato ora</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>What comparing found</source>
      <translation>Che cosa ha trovato il confronto</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>What was compared so far</source>
      <translation>Che cosa è stato confrontato finora</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>What differs between then and now</source>
      <translation>Che cosa differisce fra allora e ora</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>Differences of the faces</source>
      <translation>Differenze dei volti</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>recorded → computed now; orange is beyond the tolerance</source>
      <translation>registrato → calcolato ora; l'arancione è oltre la tolleranza</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>part</source>
      <translation>parte</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>so far</source>
      <translation>finora</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>{where}: {n} of {count} compared</source>
      <translation>{where}: {n} di {count} confrontati</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>{n} equal</source>
      <translation>{n} uguali</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>{n} within</source>
      <translation>{n} entro</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>{n} beyond</source>
      <translation>{n} oltre</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>{n} where tracking began elsewhere</source>
      <translation>{n} dove l'inseguimento è iniziato altrove</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>faces gained {gained}, lost {lost}</source>
      <translation>volti in più {gained}, in meno {lost}</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>largest differences: {list}</source>
      <translation>differenze maggiori: {list}</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>tracking began at frame {n}: go to the start to compare a whole run</source>
      <translation>l'inseguimento è iniziato al fotogramma {n}: vai all'inizio per confrontare un'esecuzione intera</translation>
    </message>
    <message>
      <location filename="gui/replay/event_list.py" />
      <source>not in it</source>
      <translation>non presente</translation>
    </message>
    <message>
      <location filename="gui/replay/event_list.py" />
      <source>before the change</source>
      <translation>prima del cambio</translation>
    </message>
    <message>
      <location filename="gui/replay/event_list.py" />
      <source>recorded, gone now</source>
      <translation>registrato, ora sparito</translation>
    </message>
    <message>
      <location filename="gui/replay/event_list.py" />
      <location filename="gui/replay/recorded_plan.py" />
      <location filename="gui/replay/signals_control.py" />
      <location filename="gui/replay/timeline_bar.py" />
      <source>recorded</source>
      <translation>registrato</translation>
    </message>
    <message>
      <location filename="gui/replay/event_list.py" />
      <source>Events and bookmarks</source>
      <translation>Eventi e segnalibri</translation>
    </message>
    <message>
      <location filename="gui/replay/event_list.py" />
      <source>Up and Down go through them; F2 changes a bookmark's note, Delete takes it away.</source>
      <translation>Su e Giù li scorrono; F2 cambia la nota di un segnalibro, Canc lo toglie.</translation>
    </message>
    <message>
      <location filename="gui/replay/event_list.py" />
      <source>This event lies outside the recorded time.</source>
      <translation>Questo evento è fuori dal tempo registrato.</translation>
    </message>
    <message>
      <location filename="gui/replay/event_list.py" />
      <source>now, new</source>
      <translation>ora, nuovo</translation>
    </message>
    <message>
      <location filename="gui/replay/event_list.py" />
      <location filename="gui/replay/timeline_bar.py" />
      <location filename="gui/status/readouts.py" />
      <source>now</source>
      <translation>ora</translation>
    </message>
    <message>
      <location filename="gui/replay/event_list.py" />
      <source>event</source>
      <translation>evento</translation>
    </message>
    <message>
      <location filename="gui/replay/event_list.py" />
      <source>lasts</source>
      <translation>dura</translation>
    </message>
    <message>
      <location filename="gui/replay/event_list.py" />
      <source>note</source>
      <translation>nota</translation>
    </message>
    <message>
      <location filename="gui/replay/event_list.py" />
      <source>from</source>
      <translation>da</translation>
    </message>
    <message>
      <location filename="gui/replay/goto.py" />
      <source>Where to go, then Enter: a time (1:23.4 or 83.4 s), a frame (120), a camera's own number (depth 120), or a part of an event's name (again for the next one).</source>
      <translation>Dove andare, poi Invio: un tempo (1:23.4 o 83.4 s), un fotogramma (120), il numero proprio di una telecamera (depth 120), o una parte del nome di un evento (di nuovo per il successivo).</translation>
    </message>
    <message>
      <location filename="gui/replay/goto.py" />
      <source>time, frame or event</source>
      <translation>tempo, fotogramma o evento</translation>
    </message>
    <message>
      <location filename="gui/replay/goto.py" />
      <source>time or frame</source>
      <translation>tempo o fotogramma</translation>
    </message>
    <message>
      <location filename="gui/replay/goto.py" />
      <source>go to</source>
      <translation>vai a</translation>
    </message>
    <message>
      <location filename="gui/replay/goto.py" />
      <source>it has no frames</source>
      <translation>non ha fotogrammi</translation>
    </message>
    <message>
      <location filename="gui/replay/goto.py" />
      <source>its numbers go from {first} to {last}</source>
      <translation>i suoi numeri vanno da {first} a {last}</translation>
    </message>
    <message>
      <location filename="gui/replay/goto.py" />
      <source>{stream} has no frame number {number}: {has}</source>
      <translation>{stream} non ha il fotogramma numero {number}: {has}</translation>
    </message>
    <message>
      <location filename="gui/replay/goto.py" />
      <source>{text} is no time, no frame and no event of this recording</source>
      <translation>{text} non è un tempo, un fotogramma né un evento di questa registrazione</translation>
    </message>
    <message>
      <location filename="gui/replay/goto.py" />
      <source>type a time, a frame or an event</source>
      <translation>scrivi un tempo, un fotogramma o un evento</translation>
    </message>
    <message>
      <location filename="gui/replay/goto.py" />
      <source>there is no frame {number}: the last one is {last}</source>
      <translation>non c'è il fotogramma {number}: l'ultimo è {last}</translation>
    </message>
    <message>
      <location filename="gui/replay/goto.py" />
      <source>the recording ends at {end} s</source>
      <translation>la registrazione finisce a {end} s</translation>
    </message>
    <message>
      <location filename="gui/replay/goto.py" />
      <source>the event {name} lies outside the recording</source>
      <translation>l'evento {name} è fuori dalla registrazione</translation>
    </message>
    <message>
      <location filename="gui/replay/limits.py" />
      <source>above {value}</source>
      <translation>sopra {value}</translation>
    </message>
    <message>
      <location filename="gui/replay/limits.py" />
      <source>at least {value}</source>
      <translation>almeno {value}</translation>
    </message>
    <message>
      <location filename="gui/replay/limits.py" />
      <source>below {value}</source>
      <translation>sotto {value}</translation>
    </message>
    <message>
      <location filename="gui/replay/limits.py" />
      <source>at most {value}</source>
      <translation>al più {value}</translation>
    </message>
    <message>
      <location filename="gui/replay/limits.py" />
      <source>equal to {value}</source>
      <translation>uguale a {value}</translation>
    </message>
    <message>
      <location filename="gui/replay/note_dialog.py" />
      <source>Bookmark with a note</source>
      <translation>Segnalibro con nota</translation>
    </message>
    <message>
      <location filename="gui/replay/note_dialog.py" />
      <source>What there is to say of this moment.</source>
      <translation>Che cosa c'è da dire di questo momento.</translation>
    </message>
    <message>
      <location filename="gui/replay/note_dialog.py" />
      <source>Note for {time}:</source>
      <translation>Nota per {time}:</translation>
    </message>
    <message>
      <location filename="gui/replay/range_bar.py" />
      <source>Part of the recording that is seen</source>
      <translation>Parte della registrazione che si vede</translation>
    </message>
    <message>
      <location filename="gui/replay/range_bar.py" />
      <source>Drag the part to move it, its ends to stretch it; a double click shows everything.</source>
      <translation>Trascina la parte per spostarla, le estremità per allargarla; un doppio clic mostra tutto.</translation>
    </message>
    <message>
      <location filename="gui/replay/replay_control.py" />
      <source>loops from {begin} to {end}</source>
      <translation>si ripete da {begin} a {end}</translation>
    </message>
    <message>
      <location filename="gui/replay/replay_control.py" />
      <source>The recording is not open yet.</source>
      <translation>La registrazione non è ancora aperta.</translation>
    </message>
    <message>
      <location filename="gui/replay/replay_control.py" />
      <source>the loop goes over the whole recording again</source>
      <translation>il ciclo torna su tutta la registrazione</translation>
    </message>
    <message>
      <location filename="gui/replay/replay_control.py" />
      <source>no event begins after this frame</source>
      <translation>nessun evento comincia dopo questo fotogramma</translation>
    </message>
    <message>
      <location filename="gui/replay/replay_control.py" />
      <source>no event begins before this frame</source>
      <translation>nessun evento comincia prima di questo fotogramma</translation>
    </message>
    <message>
      <location filename="gui/replay/replay_control.py" />
      <source>no event here that says what it rests on: go to one first</source>
      <translation>qui nessun evento dice su che cosa si basa: vai prima a uno</translation>
    </message>
    <message>
      <location filename="gui/replay/replay_control.py" />
      <source>This recording holds no events.</source>
      <translation>Questa registrazione non contiene eventi.</translation>
    </message>
    <message>
      <location filename="gui/replay/replay_control.py" />
      <source>the part round {name} is marked</source>
      <translation>la parte attorno a {name} è marcata</translation>
    </message>
    <message>
      <location filename="gui/replay/replay_control.py" />
      <source>a part needs more than one frame: go somewhere else first</source>
      <translation>una parte richiede più di un fotogramma: prima vai altrove</translation>
    </message>
    <message>
      <location filename="gui/replay/replay_control.py" />
      <source>{words}; {keys} forgets that</source>
      <translation>{words}; {keys} lo annulla</translation>
    </message>
    <message>
      <location filename="gui/replay/replay_control.py" />
      <source>Events {n}</source>
      <translation>Eventi {n}</translation>
    </message>
    <message>
      <location filename="gui/replay/replay_control.py" />
      <source>no event here: go to one first</source>
      <translation>qui non c’è alcun evento: vai prima a un evento</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_control.py" />
      <source>The rules could not look at the recording: {why}</source>
      <translation>Le regole non hanno potuto guardare la registrazione: {why}</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_panel.py" />
      <source>Rules over this recording</source>
      <translation>Regole su questa registrazione</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_panel.py" />
      <source>{n} notes</source>
      <translation>{n} note</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_panel.py" />
      <source>Show all that is to be known of these rules, or only the first of it.</source>
      <translation>Mostra tutto ciò che c'è da sapere di queste regole, o solo la prima nota.</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_panel.py" />
      <source>What to know of it</source>
      <translation>Che cosa saperne</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_panel.py" />
      <source>Show their signals</source>
      <translation>Mostra i loro segnali</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_panel.py" />
      <source>Show the signals that these rules ask for over the time line, with their limits.</source>
      <translation>Mostra sopra la linea del tempo i segnali che queste regole chiedono, con i loro limiti.</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_panel.py" />
      <source>Take the events of these rules off the time line.</source>
      <translation>Toglie dalla linea del tempo gli eventi di queste regole.</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_panel.py" />
      <source>1 note</source>
      <translation>1 nota</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_panel.py" />
      <source>Let these rules look at the whole recording; it is not changed.</source>
      <translation>Fa guardare a queste regole tutta la registrazione, che non viene cambiata.</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_panel.py" />
      <source>Compute the signals anew</source>
      <translation>Ricalcola i segnali</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_panel.py" />
      <source>With the models and settings of now, also where the recording stores what was computed then.</source>
      <translation>Con i modelli e le impostazioni di ora, anche dove la registrazione conserva ciò che fu calcolato allora.</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_words.py" />
      <source>from what was recorded</source>
      <translation>da ciò che fu registrato</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_words.py" />
      <source>from what was computed now: the recording stores no observations</source>
      <translation>da ciò che si è calcolato ora: la registrazione non conserva osservazioni</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_words.py" />
      <source>from what was computed here before</source>
      <translation>da ciò che qui si era già calcolato</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_words.py" />
      <source>{name}: 1 event now</source>
      <translation>{name}: ora 1 evento</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_words.py" />
      <source>No rules look at this recording.</source>
      <translation>Nessuna regola guarda questa registrazione.</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_words.py" />
      <source>{name}: waits for its turn</source>
      <translation>{name}: aspetta il suo turno</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_words.py" />
      <source>{name}: looks at the whole recording …{share}</source>
      <translation>{name}: guarda tutta la registrazione …{share}</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_words.py" />
      <source>{name}: cancelled; choose the rules again to go on</source>
      <translation>{name}: annullato; scegli di nuovo le regole per continuare</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_words.py" />
      <source>{name}: failed</source>
      <translation>{name}: non riuscito</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_words.py" />
      <source>{name}: {n} events now</source>
      <translation>{name}: ora {n} eventi</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_words.py" />
      <source> · {alike} as recorded, {gained} new, {lost} gone</source>
      <translation> · {alike} come registrati, {gained} nuovi, {lost} spariti</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_words.py" />
      <source>{names}: no such series lies beside the session; the strictest limits count</source>
      <translation>{names}: nessuna serie così sta accanto alla sessione; valgono i limiti più severi</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_words.py" />
      <source>only the first {n} events are shown</source>
      <translation>si mostrano solo i primi {n} eventi</translation>
    </message>
    <message>
      <location filename="gui/replay/signals_control.py" />
      <source>Smoothed: {still} ms late where it hardly moves, {moving} ms at {speed} a second.</source>
      <translation>Smussato: {still} ms di ritardo dove quasi non si muove, {moving} ms a {speed} al secondo.</translation>
    </message>
    <message>
      <location filename="gui/replay/signals_control.py" />
      <source>recorded; read {percent} %</source>
      <translation>registrato; letto {percent} %</translation>
    </message>
    <message>
      <location filename="gui/replay/signals_control.py" />
      <source>line: computed now; broad band: recorded</source>
      <translation>linea: calcolato ora; banda larga: registrato</translation>
    </message>
    <message>
      <location filename="gui/replay/signals_control.py" />
      <source>{n} of {count} signals are shown; the others can be chosen</source>
      <translation>si mostrano {n} segnali su {count}; gli altri si possono scegliere</translation>
    </message>
    <message>
      <location filename="gui/replay/signals_control.py" />
      <source>The usual ones</source>
      <translation>Quelli abituali</translation>
    </message>
    <message>
      <location filename="gui/replay/signals_control.py" />
      <source>Show the rows that a recording begins with.</source>
      <translation>Mostra le righe con cui una registrazione comincia.</translation>
    </message>
    <message>
      <location filename="gui/replay/signals_control.py" />
      <source>Show {name} over the recorded time.</source>
      <translation>Mostra {name} lungo il tempo registrato.</translation>
    </message>
    <message>
      <location filename="gui/replay/signals_control.py" />
      <source>computed now; nothing is stored</source>
      <translation>calcolato ora; nulla è salvato</translation>
    </message>
    <message>
      <location filename="gui/replay/signals_control.py" />
      <source>computed now; no observations are stored</source>
      <translation>calcolato ora; nessuna osservazione è salvata</translation>
    </message>
    <message>
      <location filename="gui/replay/signals_control.py" />
      <source>recorded, as far as it can be read</source>
      <translation>registrato, per quanto si può leggere</translation>
    </message>
    <message>
      <location filename="gui/replay/signals_control.py" />
      <source>{raw} is as measured.</source>
      <translation>{raw} è come misurato.</translation>
    </message>
    <message>
      <location filename="gui/replay/signals_control.py" />
      <source>up to {n} more faces without a line</source>
      <translation>fino ad altri {n} volti senza linea</translation>
    </message>
    <message>
      <location filename="gui/replay/signals_control.py" />
      <source>Not known at any time so far: {why}</source>
      <translation>Finora mai noto: {why}</translation>
    </message>
    <message>
      <location filename="gui/replay/signals_control.py" />
      <source>Not known at any time so far.</source>
      <translation>Finora mai noto.</translation>
    </message>
    <message>
      <location filename="gui/replay/timeline_bar.py" />
      <source>Position in the recording</source>
      <translation>Posizione nella registrazione</translation>
    </message>
    <message>
      <location filename="gui/replay/timeline_bar.py" />
      <source>frame {n}   {time}</source>
      <translation>fotogramma {n}   {time}</translation>
    </message>
    <message>
      <location filename="gui/replay/timeline_bar.py" />
      <source>no frames for {n} s</source>
      <translation>nessun fotogramma per {n} s</translation>
    </message>
    <message>
      <location filename="gui/replay/timeline_bar.py" />
      <source>before the rules changed: {event}</source>
      <translation>prima che le regole cambiassero: {event}</translation>
    </message>
    <message>
      <location filename="gui/replay/timeline_bar.py" />
      <source>now: {event}</source>
      <translation>ora: {event}</translation>
    </message>
    <message>
      <location filename="gui/replay/timeline_bar.py" />
      <source>recorded: {event}</source>
      <translation>registrato: {event}</translation>
    </message>
    <message>
      <location filename="gui/replay/timeline_bar.py" />
      <source>1 frame of {stream} lost</source>
      <translation>1 fotogramma di {stream} perso</translation>
    </message>
    <message>
      <location filename="gui/replay/timeline_bar.py" />
      <source>{n} frames of {stream} lost</source>
      <translation>{n} fotogrammi di {stream} persi</translation>
    </message>
    <message>
      <location filename="gui/replay/timeline_bar.py" />
      <source>frames here cannot be read</source>
      <translation>i fotogrammi qui non si possono leggere</translation>
    </message>
    <message>
      <location filename="gui/replay/timeline_bar.py" />
      <source>bookmark: {note}</source>
      <translation>segnalibro: {note}</translation>
    </message>
    <message>
      <location filename="gui/replay/timeline_bar.py" />
      <source>differs from what was recorded</source>
      <translation>differisce da ciò che fu registrato</translation>
    </message>
    <message>
      <location filename="gui/replay/timeline_bar.py" />
      <source>and {n} more events</source>
      <translation>e altri {n} eventi</translation>
    </message>
    <message>
      <location filename="gui/replay/timeline_words.py" />
      <source>open end</source>
      <translation>fine aperta</translation>
    </message>
    <message>
      <location filename="gui/replay/track_values.py" />
      <source>faces</source>
      <translation>volti</translation>
    </message>
    <message>
      <location filename="gui/replay/tracks_area.py" />
      <source>{n} of {count} signals are in sight; Up and Down, or the wheel over the names, show the others.</source>
      <translation>{n} segnali su {count} sono in vista; Su e Giù, o la rotella sui nomi, mostrano gli altri.</translation>
    </message>
    <message>
      <location filename="gui/replay/tracks_paint.py" />
      <source>{n} % sure</source>
      <translation>sicuro al {n} %</translation>
    </message>
    <message>
      <location filename="gui/replay/tracks_paint.py" />
      <source>   rule {rule}: {limit}{unit}</source>
      <translation>   regola {rule}: {limit}{unit}</translation>
    </message>
    <message>
      <location filename="gui/replay/tracks_paint.py" />
      <source>nothing is known of this frame: it was not processed</source>
      <translation>di questo fotogramma non si sa nulla: non è stato elaborato</translation>
    </message>
    <message>
      <location filename="gui/replay/tracks_paint.py" />
      <source>{name}: not known: {why}</source>
      <translation>{name}: non noto: {why}</translation>
    </message>
    <message>
      <location filename="gui/replay/tracks_paint.py" />
      <source>{name}: not known</source>
      <translation>{name}: ignoto</translation>
    </message>
    <message>
      <location filename="gui/replay/tracks_view.py" />
      <source>Height of the signals</source>
      <translation>Altezza dei segnali</translation>
    </message>
    <message>
      <location filename="gui/replay/tracks_view.py" />
      <source>Drag, or press Up and Down, to make the signals higher or lower.</source>
      <translation>Trascina, o premi Su e Giù, per rendere i segnali più alti o più bassi.</translation>
    </message>
    <message>
      <location filename="gui/replay/tracks_view.py" />
      <source>computed now:</source>
      <translation>calcolato ora:</translation>
    </message>
    <message>
      <location filename="gui/replay/tracks_view.py" />
      <source>recorded:</source>
      <translation>registrato:</translation>
    </message>
    <message>
      <location filename="gui/replay/transport.py" />
      <source>Frame and time</source>
      <translation>Fotogramma e tempo</translation>
    </message>
    <message>
      <location filename="gui/replay/transport.py" />
      <location filename="gui/status/readouts.py" />
      <source>Speed</source>
      <translation>Velocità</translation>
    </message>
    <message>
      <location filename="gui/replay/transport.py" />
      <source>Multiple of the recorded time; max is as fast as the steps go</source>
      <translation>Multiplo del tempo registrato; max è il più veloce possibile per i passi</translation>
    </message>
    <message>
      <location filename="gui/replay/transport.py" />
      <source>Speed that is reached</source>
      <translation>Velocità raggiunta</translation>
    </message>
    <message>
      <location filename="gui/replay/transport.py" />
      <source>Every frame is processed, as fast as the steps go.</source>
      <translation>Ogni fotogramma viene elaborato, il più velocemente possibile.</translation>
    </message>
    <message>
      <location filename="gui/replay/transport.py" />
      <source>reaches {n}×</source>
      <translation>raggiunge {n}×</translation>
    </message>
    <message>
      <location filename="gui/replay/transport.py" />
      <source>Go to a time, a frame or an event</source>
      <translation>Vai a un tempo, un fotogramma o un evento</translation>
    </message>
    <message>
      <location filename="gui/replay/transport.py" />
      <source>now {n}×</source>
      <translation>ora {n}×</translation>
    </message>
    <message>
      <location filename="gui/replay/transport.py" />
      <source>Every frame is processed; the steps take longer than this speed allows.</source>
      <translation>Ogni fotogramma viene elaborato; i passi durano più di quanto questa velocità consenta.</translation>
    </message>
    <message>
      <location filename="gui/replay/transport.py" />
      <source>Pause</source>
      <translation>Pausa</translation>
    </message>
    <message>
      <location filename="gui/replay/transport.py" />
      <source>Play</source>
      <translation>Riproduci</translation>
    </message>
    <message>
      <location filename="gui/status/badges.py" />
      <location filename="gui/status/camera_words.py" />
      <location filename="gui/window_words.py" />
      <source>opening</source>
      <translation>apertura</translation>
    </message>
    <message>
      <location filename="gui/status/badges.py" />
      <location filename="gui/window_words.py" />
      <source>loading models</source>
      <translation>caricamento dei modelli</translation>
    </message>
    <message>
      <location filename="gui/status/badges.py" />
      <location filename="gui/work/task_words.py" />
      <source>running</source>
      <translation>in corso</translation>
    </message>
    <message>
      <location filename="gui/status/badges.py" />
      <location filename="gui/status/camera_words.py" />
      <source>ended</source>
      <translation>finito</translation>
    </message>
    <message>
      <location filename="gui/status/badges.py" />
      <location filename="gui/work/task_words.py" />
      <source>failed</source>
      <translation>fallito</translation>
    </message>
    <message>
      <location filename="gui/status/badges.py" />
      <source>State</source>
      <translation>Stato</translation>
    </message>
    <message>
      <location filename="gui/status/badges.py" />
      <location filename="gui/window.py" />
      <source>CLOSING</source>
      <translation>CHIUSURA</translation>
    </message>
    <message>
      <location filename="gui/status/badges.py" />
      <location filename="gui/status/tile_words.py" />
      <source>STALE</source>
      <translation>VECCHIA</translation>
    </message>
    <message>
      <location filename="gui/status/badges.py" />
      <source>LIVE</source>
      <translation>DAL VIVO</translation>
    </message>
    <message>
      <location filename="gui/status/badges.py" />
      <source>REPLAY</source>
      <translation>RIPRODUZIONE</translation>
    </message>
    <message>
      <location filename="gui/status/badges.py" />
      <source>END</source>
      <translation>FINE</translation>
    </message>
    <message>
      <location filename="gui/status/badges.py" />
      <source>PAUSED</source>
      <translation>IN PAUSA</translation>
    </message>
    <message>
      <location filename="gui/status/build_words.py" />
      <source>Where it must be built first: {time}.</source>
      <translation>Se prima va compilato: {time}.</translation>
    </message>
    <message>
      <location filename="gui/status/build_words.py" />
      <source>those of other models took {least} to {most} here</source>
      <translation>quelle di altri modelli hanno richiesto qui da {least} a {most}</translation>
    </message>
    <message>
      <location filename="gui/status/build_words.py" />
      <source>how long that takes is unknown, none of its kind was built on this machine</source>
      <translation>durata ignota, nessuno del genere è stato compilato su questa macchina</translation>
    </message>
    <message>
      <location filename="gui/status/build_words.py" />
      <source>the last one took {time} here</source>
      <translation>l'ultima ha richiesto qui {time}</translation>
    </message>
    <message>
      <location filename="gui/status/build_words.py" />
      <source>that of another model took {time} here</source>
      <translation>quella di un altro modello ha richiesto qui {time}</translation>
    </message>
    <message>
      <location filename="gui/status/build_words.py" />
      <source>those of other models took {time} here</source>
      <translation>quelle di altri modelli hanno richiesto qui {time}</translation>
    </message>
    <message>
      <location filename="gui/status/build_words.py" />
      <source>longer than any before it, at most {time}</source>
      <translation>più di ogni precedente, al massimo {time}</translation>
    </message>
    <message>
      <location filename="gui/status/build_words.py" />
      <source>longer than the last one, which took {time}</source>
      <translation>più dell'ultima, che ha richiesto {time}</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>closed</source>
      <translation>chiusa</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>streaming</source>
      <translation>trasmette</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>paused</source>
      <translation>in pausa</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>stalled</source>
      <translation>bloccata</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>waiting</source>
      <translation>in attesa</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>gone</source>
      <translation>scomparsa</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>silent</source>
      <translation>muta</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>its drift is not known yet</source>
      <translation>la sua deriva non è ancora nota</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>{n} frames received</source>
      <translation>{n} fotogrammi ricevuti</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>the camera's clock: {drift}; frames come {ms} ms late (95 %)</source>
      <translation>orologio della telecamera: {drift}; i fotogrammi arrivano con {ms} ms di ritardo (95 %)</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>{n} of them late (more than a frame period)</source>
      <translation>{n} di essi in ritardo (più di un periodo)</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>{n} lost before they came here</source>
      <translation>{n} persi prima di arrivare qui</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>{n} dropped here for want of room</source>
      <translation>{n} scartati qui per mancanza di posto</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>{n} came twice and were left out</source>
      <translation>{n} arrivati due volte e tralasciati</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>{n} came out of order and were left out</source>
      <translation>{n} arrivati fuori ordine e tralasciati</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>{n} were none of this stream's and were left out</source>
      <translation>{n} non erano di questo flusso e sono stati tralasciati</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>none lost, late, doubled or out of order</source>
      <translation>nessuno perso, in ritardo, doppio o fuori ordine</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>it runs {ppm} ppm fast (within {within})</source>
      <translation>corre avanti di {ppm} ppm (entro {within})</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>it runs {ppm} ppm slow (within {within})</source>
      <translation>resta indietro di {ppm} ppm (entro {within})</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>{n} jumps of a clock, the last: {which} by {by} s</source>
      <translation>{n} salti di un orologio, l'ultimo: {which} di {by} s</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>its counter began again {n} times</source>
      <translation>il suo contatore è ricominciato {n} volte</translation>
    </message>
    <message>
      <location filename="gui/status/context_words.py" />
      <source>{s} s old</source>
      <translation>di {s} s fa</translation>
    </message>
    <message>
      <location filename="gui/status/context_words.py" />
      <source>{name} unknown</source>
      <translation>{name}: valore ignoto</translation>
    </message>
    <message>
      <location filename="gui/status/context_words.py" />
      <source>What rules know beside the pictures: it chooses their limits.</source>
      <translation>Ciò che le regole sanno oltre alle immagini: ne sceglie i limiti.</translation>
    </message>
    <message>
      <location filename="gui/status/context_words.py" />
      <location filename="gui/status/latency_words.py" />
      <location filename="gui/status/recording_words.py" />
      <location filename="gui/status/vitals_words.py" />
      <source>unknown</source>
      <translation>ignoto</translation>
    </message>
    <message>
      <location filename="gui/status/context_words.py" />
      <source>strictest limits</source>
      <translation>limiti più severi</translation>
    </message>
    <message>
      <location filename="gui/status/engine_choice.py" />
      <source>as in its file</source>
      <translation>dal file</translation>
    </message>
    <message>
      <location filename="gui/status/engine_choice.py" />
      <source>{backend} computes in {able}, not in {precision}.</source>
      <translation>{backend} calcola in {able}, non in {precision}.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_choice.py" />
      <source>Backend</source>
      <translation>Backend</translation>
    </message>
    <message>
      <location filename="gui/status/engine_choice.py" />
      <source>Precision</source>
      <translation>Precisione</translation>
    </message>
    <message>
      <location filename="gui/status/engine_choice.py" />
      <source>&amp;Apply</source>
      <translation>&amp;Applica</translation>
    </message>
    <message>
      <location filename="gui/status/engine_choice.py" />
      <source>To a&amp;ll models</source>
      <translation>A tutti i &amp;modelli</translation>
    </message>
    <message>
      <location filename="gui/status/engine_choice.py" />
      <source>{wish} runs already.</source>
      <translation>{wish} è già in funzione.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_choice.py" />
      <source>{wish} runs every model already.</source>
      <translation>{wish} esegue già ogni modello.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_choice.py" />
      <source>&amp;Run it on</source>
      <translation>&amp;Eseguilo su</translation>
    </message>
    <message>
      <location filename="gui/status/engine_choice.py" />
      <location filename="gui/status/engines_dialog.py" />
      <source>in</source>
      <translation>in</translation>
    </message>
    <message>
      <location filename="gui/status/engine_choice.py" />
      <source>Load {wish} beside the picture, and let it take over between two frames.</source>
      <translation>Carica {wish} accanto all'immagine, e lo fa subentrare fra due fotogrammi.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_choice.py" />
      <source>Let {wish} run every model that it can; one after the other takes over.</source>
      <translation>Fa eseguire a {wish} ogni modello che può; subentra uno dopo l'altro.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_kept.py" />
      <source>Remembered: {wish}, for the next start too.</source>
      <translation>Ricordato: {wish}, anche per il prossimo avvio.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_kept.py" />
      <source>Remembered</source>
      <translation>Ricordato</translation>
    </message>
    <message>
      <location filename="gui/status/engine_kept.py" />
      <source>As con&amp;figured</source>
      <translation>Come con&amp;figurato</translation>
    </message>
    <message>
      <location filename="gui/status/engine_kept.py" />
      <source>All as configure&amp;d</source>
      <translation>Tutti come confi&amp;gurato</translation>
    </message>
    <message>
      <location filename="gui/status/engine_kept.py" />
      <source>Configured is: {policy}.</source>
      <translation>Configurato: {policy}.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_kept.py" />
      <source>Forget what is remembered, and let run what is configured: {policy}.</source>
      <translation>Dimentica ciò che è ricordato, e fa girare ciò che è configurato: {policy}.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_kept.py" />
      <source>Nothing is remembered of this model.</source>
      <translation>Di questo modello non è ricordato nulla.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_kept.py" />
      <source>The same for every model.</source>
      <translation>Lo stesso per ogni modello.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_kept.py" />
      <source>Nothing is remembered of any model.</source>
      <translation>Di nessun modello è ricordato nulla.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_kept.py" />
      <source>Now {name} says what runs.</source>
      <translation>Ora è {name} a dire che cosa gira.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_kept.py" />
      <source>It counts where cameras run.</source>
      <translation>Vale dove le telecamere sono attive.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_kept.py" />
      <source>What is remembered makes no sense: {why}.</source>
      <translation>Ciò che è ricordato non ha senso: {why}.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_orders.py" />
      <source>{runs} goes on. {why}</source>
      <translation>{runs} continua. {why}</translation>
    </message>
    <message>
      <location filename="gui/status/engine_orders.py" />
      <source>Asked for {asked}; {runs} runs until it is there.</source>
      <translation>Chiesto {asked}; {runs} gira finché non è pronto.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_orders.py" />
      <source>Nothing is remembered any more; {runs} runs.</source>
      <translation>Non è più ricordato nulla; gira {runs}.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_orders.py" />
      <source>{model}: what was remembered of its engine makes no sense ({why}); {runs} runs, as configured.</source>
      <translation>{model}: ciò che era ricordato del suo motore non ha senso ({why}); gira {runs}, come configurato.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_orders.py" />
      <source>{engine} runs now.</source>
      <translation>Ora gira {engine}.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_orders.py" />
      <source>{model}: {wish}, which is remembered, cannot run now; {runs} runs. {why}</source>
      <translation>{model}: {wish}, che è ricordato, ora non può girare; gira {runs}. {why}</translation>
    </message>
    <message>
      <location filename="gui/status/engine_orders.py" />
      <source>Asked for what is configured ({policy}).</source>
      <translation>Chiesto ciò che è configurato ({policy}).</translation>
    </message>
    <message>
      <location filename="gui/status/engine_orders.py" />
      <source>Asked for {asked}, as it is remembered.</source>
      <translation>Chiesto {asked}, come ricordato.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_page.py" />
      <source>{what}, computes in {precision}</source>
      <translation>{what}, calcola in {precision}</translation>
    </message>
    <message>
      <location filename="gui/status/engine_page.py" />
      <source>Another engine took over between two frames once.</source>
      <translation>Una volta un altro motore è subentrato fra due fotogrammi.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_page.py" />
      <source>Another engine took over between two frames {n} times.</source>
      <translation>{n} volte un altro motore è subentrato fra due fotogrammi.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_page.py" />
      <source>No model is loaded yet.</source>
      <translation>Nessun modello è ancora caricato.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_page.py" />
      <source>Missing. {why}</source>
      <translation>Manca. {why}</translation>
    </message>
    <message>
      <location filename="gui/status/engine_page.py" />
      <location filename="gui/status/engines_dialog.py" />
      <source>Why the others do not run</source>
      <translation>Perché gli altri non girano</translation>
    </message>
    <message>
      <location filename="gui/status/engine_page.py" />
      <source>runs</source>
      <translation>gira</translation>
    </message>
    <message>
      <location filename="gui/status/engine_strip.py" />
      <source>On its way</source>
      <translation>In arrivo</translation>
    </message>
    <message>
      <location filename="gui/status/engine_strip.py" />
      <source>Progress of the build</source>
      <translation>Avanzamento della compilazione</translation>
    </message>
    <message>
      <location filename="gui/status/engine_strip.py" />
      <source>Cancel the &amp;build</source>
      <translation>Annulla la &amp;compilazione</translation>
    </message>
    <message>
      <location filename="gui/status/engine_strip.py" />
      <location filename="gui/work/task_row.py" />
      <source>Give this build up; what runs now goes on.</source>
      <translation>Rinuncia a questa compilazione; ciò che gira ora continua.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_strip.py" />
      <source>Cancel all</source>
      <translation>Annulla tutto</translation>
    </message>
    <message>
      <location filename="gui/status/engine_strip.py" />
      <source>Give up the build and everything that waits for its turn; what runs now goes on.</source>
      <translation>Rinuncia alla compilazione e a tutto ciò che aspetta il suo turno; ciò che gira ora continua.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_strip.py" />
      <source>Then: {models}</source>
      <translation>Poi: {models}</translation>
    </message>
    <message>
      <location filename="gui/status/engine_strip.py" />
      <source>The build is being given up.</source>
      <translation>Si rinuncia alla compilazione.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_strip.py" />
      <source>Nothing is being built any more.</source>
      <translation>Non si compila più nulla.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>Where a model rests, landmarks are followed from one frame to the next, and images are not made anew.</source>
      <translation>Dove un modello riposa, i punti del volto sono seguiti da un fotogramma all'altro, e le immagini non vengono rifatte.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>Gray to depth</source>
      <translation>Da grigio a profondità</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>Depth to color</source>
      <translation>Da profondità a colore</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>Face landmarks</source>
      <translation>Punti del volto</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>Face finder</source>
      <translation>Ricerca dei volti</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>Eye state</source>
      <translation>Stato degli occhi</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>Face verifier</source>
      <translation>Verifica dei volti</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>Eye to face</source>
      <translation>Dall'occhio al volto</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>loading</source>
      <translation>caricamento</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>{asked} was given up; {runs} goes on.</source>
      <translation>{asked} è stato abbandonato; {runs} continua.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>left {engine}</source>
      <translation>ha lasciato {engine}</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>another engine</source>
      <translation>un altro motore</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>building {wish}: {how}</source>
      <translation>compilazione di {wish}: {how}</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>{wish}: loading, or waiting for its turn</source>
      <translation>{wish}: in caricamento, o aspetta il suo turno</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <location filename="gui/status/engines_dialog.py" />
      <source>{name}: missing. {why}</source>
      <translation>{name}: manca. {why}</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>FALLBACK</source>
      <translation>RISERVA</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>change failed</source>
      <translation>cambio non riuscito</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>1 FrameSet could not be computed by any engine.</source>
      <translation>1 FrameSet non ha potuto essere calcolato da alcun motore.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>{n} FrameSets could not be computed by any engine.</source>
      <translation>{n} FrameSet non hanno potuto essere calcolati da alcun motore.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <location filename="gui/status/engines_dialog.py" />
      <source>coming: {what}</source>
      <translation>in arrivo: {what}</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>This is a fallback: the policy puts another engine first. Below is why that does not run.</source>
      <translation>Questa è una riserva: il criterio mette prima un altro motore. Sotto è scritto perché quello non gira.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>The last fault: {fault}</source>
      <translation>L'ultimo guasto: {fault}</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>What was asked for last did not come: {why}</source>
      <translation>Ciò che fu chiesto per ultimo non è arrivato: {why}</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>1 call failed</source>
      <translation>1 chiamata fallita</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>{n} calls failed</source>
      <translation>{n} chiamate fallite</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>1 call retried</source>
      <translation>1 chiamata ripetuta</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>{n} calls retried</source>
      <translation>{n} chiamate ripetute</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>1 frame NOT COMPUTED</source>
      <translation>1 fotogramma NON CALCOLATO</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>{n} frames NOT COMPUTED</source>
      <translation>{n} fotogrammi NON CALCOLATI</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>FALLBACK for {n} of {all}</source>
      <translation>RISERVA per {n} di {all}</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>1 model missing</source>
      <translation>manca 1 modello</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>{n} models missing</source>
      <translation>mancano {n} modelli</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>The picture goes on meanwhile.</source>
      <translation>Intanto l'immagine continua.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>1 call could be computed by no engine.</source>
      <translation>1 chiamata non ha potuto essere calcolata da alcun motore.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>{n} calls could be computed by no engine.</source>
      <translation>{n} chiamate non hanno potuto essere calcolate da alcun motore.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>1 call failed and was computed again by the fallback.</source>
      <translation>1 chiamata è fallita ed è stata ricalcolata dalla riserva.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>{n} calls failed and were computed again by the fallback.</source>
      <translation>{n} chiamate sono fallite e sono state ricalcolate dalla riserva.</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>BUDGET NOT KEPT</source>
      <translation>LIMITE NON RISPETTATO</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <source>Engines are changed while cameras run. A replay is computed by the same engines from its beginning to its end, so that its results can be compared; for others, set the policy in the configuration or in TAPETUM_BACKEND and open it again.</source>
      <translation>I motori si cambiano mentre le telecamere sono attive. Una riproduzione è calcolata dagli stessi motori dall'inizio alla fine, perché i risultati si possano confrontare; per altri, imposta il criterio nella configurazione o in TAPETUM_BACKEND e riaprila.</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <source>model</source>
      <translation>modello</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <location filename="gui/status/readouts.py" />
      <source>runs on</source>
      <translation>gira su</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <source>device</source>
      <translation>dispositivo</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <source>Models and their engines</source>
      <translation>I modelli e i loro motori</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <location filename="gui/status/status_line.py" />
      <source>Latency budget</source>
      <translation>Limite di latenza</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <source>Answer</source>
      <translation>Risposta</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <source>&amp;Copy all of it</source>
      <translation>C&amp;opia tutto</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <source>Everything that is known of the engines, as text for a report.</source>
      <translation>Tutto ciò che si sa dei motori, come testo per una segnalazione.</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <source>Copied.</source>
      <translation>Copiato.</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <source>as remembered</source>
      <translation>come ricordato</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <source>as asked for</source>
      <translation>come richiesto</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <source>Engines are changed while cameras run: {phase}.</source>
      <translation>I motori si cambiano mentre le telecamere sono attive: {phase}.</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <source>This model is missing: no engine can run it.</source>
      <translation>Questo modello manca: nessun motore può eseguirlo.</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <source>{n} FrameSets could not be computed by any engine</source>
      <translation>{n} FrameSet non hanno potuto essere calcolati da alcun motore</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <source>{n} frames could not be computed by any engine.</source>
      <translation>{n} fotogrammi non hanno potuto essere calcolati da alcun motore.</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <source>No latency budget: every model runs on every frame.</source>
      <translation>Nessun limite di latenza: ogni modello gira su ogni fotogramma.</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <location filename="gui/status/readouts.py" />
      <source>missing</source>
      <translation>mancante</translation>
    </message>
    <message>
      <location filename="gui/status/latency_words.py" />
      <source>{stream}: now {now}, median {median}, 95 % {p95} (± {sure})</source>
      <translation>{stream}: ora {now}, mediana {median}, 95 % {p95} (± {sure})</translation>
    </message>
    <message>
      <location filename="gui/status/latency_words.py" />
      <source>until it came {a}, until its result was there {b}, drawing {c}</source>
      <translation>fino all'arrivo {a}, fino al suo risultato {b}, disegno {c}</translation>
    </message>
    <message>
      <location filename="gui/status/latency_words.py" />
      <source>clock?</source>
      <translation>orologio?</translation>
    </message>
    <message>
      <location filename="gui/status/latency_words.py" />
      <source>replay</source>
      <translation>riproduzione</translation>
    </message>
    <message>
      <location filename="gui/status/latency_words.py" />
      <source>no picture</source>
      <translation>nessuna immagine</translation>
    </message>
    <message>
      <location filename="gui/status/latency_words.py" />
      <source>50 % {m} · 95 % {p}</source>
      <translation>50 % {m} · 95 % {p}</translation>
    </message>
    <message>
      <location filename="gui/status/latency_words.py" />
      <source>the camera's clock is not mapped</source>
      <translation>l'orologio della telecamera non è riferito al nostro</translation>
    </message>
    <message>
      <location filename="gui/status/latency_words.py" />
      <source>a clock leapt</source>
      <translation>un orologio è saltato</translation>
    </message>
    <message>
      <location filename="gui/status/latency_words.py" />
      <source>has no latency</source>
      <translation>non ha latenza</translation>
    </message>
    <message>
      <location filename="gui/status/latency_words.py" />
      <source>nothing new was painted</source>
      <translation>non è stato dipinto nulla di nuovo</translation>
    </message>
    <message>
      <location filename="gui/status/latency_words.py" />
      <source>A recording was taken some other day: from the camera to the screen there is no latency to tell.</source>
      <translation>Una registrazione è stata fatta un altro giorno: dalla telecamera allo schermo non c'è una latenza da dire.</translation>
    </message>
    <message>
      <location filename="gui/status/latency_words.py" />
      <source>Camera to screen: from the moment at which the camera says it took the picture (its clock mapped to ours) to the end of the paint event; the slowest stream, over the last seconds.</source>
      <translation>Dalla telecamera allo schermo: dal momento in cui la telecamera dice di aver preso l'immagine (il suo orologio riferito al nostro) alla fine del disegno; il flusso più lento, negli ultimi secondi.</translation>
    </message>
    <message>
      <location filename="gui/status/latency_words.py" />
      <source>Not in it: the exposure, the display itself, and the shortest way that any frame takes from the sensor to this machine, which nobody can see from here.</source>
      <translation>Non compresi: l'esposizione, lo schermo stesso, e la via più breve che un fotogramma percorre dal sensore a questa macchina, che da qui nessuno può vedere.</translation>
    </message>
    <message>
      <location filename="gui/status/latency_words.py" />
      <location filename="gui/status/tile_words.py" />
      <source>{n} ms</source>
      <translation>{n} ms</translation>
    </message>
    <message>
      <location filename="gui/status/latency_words.py" />
      <source>{stream}: {why}</source>
      <translation>{stream}: {why}</translation>
    </message>
    <message>
      <location filename="gui/status/message_bar.py" />
      <source>Message</source>
      <translation>Messaggio</translation>
    </message>
    <message>
      <location filename="gui/status/message_bar.py" />
      <source>Put the message away</source>
      <translation>Metti via il messaggio</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>queue full</source>
      <translation>coda piena</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>overtaken</source>
      <translation>superati</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>not recorded</source>
      <translation>non registrati</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>Frames that found the queue before synchronising full.</source>
      <translation>Fotogrammi che hanno trovato piena la coda prima della sincronizzazione.</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>FrameSets that a newer one overtook before they were processed, so that the picture stays live.</source>
      <translation>FrameSet superati da uno più nuovo prima di essere elaborati, perché l'immagine resti dal vivo.</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>Frames that found the queue of the recorder full: they are not in the file.</source>
      <translation>Fotogrammi che hanno trovato piena la coda del registratore: non sono nel file.</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>{backend} {version} on {device}, {n} threads</source>
      <translation>{backend} {version} su {device}, {n} thread</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>engine {key}</source>
      <translation>motore {key}</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>not {other}: {why}</source>
      <translation>non {other}: {why}</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>median</source>
      <translation>mediana</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <location filename="gui/work/export_dialog.py" />
      <source>Streams</source>
      <translation>Flussi</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>frames/s</source>
      <translation>fotogrammi/s</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <location filename="gui/status/vitals_words.py" />
      <source>lost</source>
      <translation>persi</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>Models</source>
      <translation>Modelli</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>new pictures shown</source>
      <translation>nuove immagini mostrate</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>at {place}</source>
      <translation>in {place}</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>FrameSets that went through the steps</source>
      <translation>FrameSet passati per i passi</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>{n} calls, worst {ms} ms</source>
      <translation>{n} chiamate, la peggiore {ms} ms</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>the sum of the steps, this time</source>
      <translation>la somma dei passi, questa volta</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>processed</source>
      <translation>elaborati</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>loading the models</source>
      <translation>caricamento dei modelli</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <source>recorded {size}</source>
      <translation>registrati {size}</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <source>REC {size}</source>
      <translation>REC {size}</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <source>{name}: {n} frames, {size}, {profile}</source>
      <translation>{name}: {n} fotogrammi, {size}, {profile}</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <location filename="gui/work/record_dialog.py" />
      <source>{size} free</source>
      <translation>{size} liberi</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <source>{n} frames of {stream} are not in it</source>
      <translation>{n} fotogrammi di {stream} non vi sono</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <source>{time} left on the disk</source>
      <translation>sul disco resta {time}</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <source>old files make room</source>
      <translation>i file vecchi fanno posto</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <location filename="gui/status/tile_words.py" />
      <source>{n} min</source>
      <translation>{n} min</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <location filename="gui/status/tile_words.py" />
      <source>{n} h</source>
      <translation>{n} h</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <location filename="gui/status/tile_words.py" />
      <source>{n} days</source>
      <translation>{n} giorni</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <source>RECORDING FAILED</source>
      <translation>REGISTRAZIONE FALLITA</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <source>{size}/s</source>
      <translation>{size}/s</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <source>{n} clips, {m} problems with them</source>
      <translation>{n} clip, {m} problemi con esse</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <source>ended: {reason}</source>
      <translation>terminata: {reason}</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <source>1 frame LOST</source>
      <translation>1 fotogramma PERSO</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <location filename="gui/status/vitals_words.py" />
      <source>{n} frames LOST</source>
      <translation>{n} fotogrammi PERSI</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <source>clips not whole</source>
      <translation>clip non intere</translation>
    </message>
    <message>
      <location filename="gui/status/status_line.py" />
      <source>the end of the recording</source>
      <translation>fine della registrazione</translation>
    </message>
    <message>
      <location filename="gui/status/status_line.py" />
      <source>Click: all of it.</source>
      <translation>Clic: tutto.</translation>
    </message>
    <message>
      <location filename="gui/status/status_line.py" />
      <source>Engine on its way</source>
      <translation>Motore in arrivo</translation>
    </message>
    <message>
      <location filename="gui/status/status_line.py" />
      <source>{keys}: keys and help </source>
      <translation>{keys}: tasti e aiuto </translation>
    </message>
    <message>
      <location filename="gui/status/status_line.py" />
      <source>frame {n}</source>
      <translation>fotogramma {n}</translation>
    </message>
    <message>
      <location filename="gui/status/status_line.py" />
      <source>skew {n} ms</source>
      <translation>sfasamento {n} ms</translation>
    </message>
    <message>
      <location filename="gui/status/status_line.py" />
      <source>recording {name}: {n} frames</source>
      <translation>registrazione di {name}: {n} fotogrammi</translation>
    </message>
    <message>
      <location filename="gui/status/status_line.py" />
      <source>the end of the recording: {keys} plays it again</source>
      <translation>fine della registrazione: {keys} la riproduce di nuovo</translation>
    </message>
    <message>
      <location filename="gui/status/status_line.py" />
      <source>frame age {age}</source>
      <translation>età del fotogramma {age}</translation>
    </message>
    <message>
      <location filename="gui/status/status_line.py" />
      <source>frame age: clock?</source>
      <translation>età del fotogramma: orologio?</translation>
    </message>
    <message>
      <location filename="gui/status/tile_words.py" />
      <source>age unknown</source>
      <translation>età ignota</translation>
    </message>
    <message>
      <location filename="gui/status/tile_words.py" />
      <source>{n} fps</source>
      <translation>{n} fps</translation>
    </message>
    <message>
      <location filename="gui/status/tile_words.py" />
      <source>? fps</source>
      <translation>? fps</translation>
    </message>
    <message>
      <location filename="gui/status/tile_words.py" />
      <source>CLOCK?</source>
      <translation>OROLOGIO?</translation>
    </message>
    <message>
      <location filename="gui/status/tile_words.py" />
      <source>frames lost before it</source>
      <translation>fotogrammi persi prima di questo</translation>
    </message>
    <message>
      <location filename="gui/status/tile_words.py" />
      <source>STALE {age}</source>
      <translation>VECCHIA {age}</translation>
    </message>
    <message>
      <location filename="gui/status/tile_words.py" />
      <source>SHUTTER</source>
      <translation>OTTURATORE</translation>
    </message>
    <message>
      <location filename="gui/status/tile_words.py" />
      <source>ENDED</source>
      <translation>FINITO</translation>
    </message>
    <message>
      <location filename="gui/status/tile_words.py" />
      <source>LOST {age}</source>
      <translation>PERSA {age}</translation>
    </message>
    <message>
      <location filename="gui/status/tile_words.py" />
      <source>NO SIGNAL {age}</source>
      <translation>NESSUN SEGNALE {age}</translation>
    </message>
    <message>
      <location filename="gui/status/tile_words.py" />
      <source>{n} lost</source>
      <translation>{n} persi</translation>
    </message>
    <message>
      <location filename="gui/status/tile_words.py" />
      <source>SHUTTER {age}</source>
      <translation>OTTURATORE {age}</translation>
    </message>
    <message>
      <location filename="gui/status/tile_words.py" />
      <source>PAUSED {age}</source>
      <translation>IN PAUSA {age}</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_panel.py" />
      <source>Health</source>
      <translation>Salute</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>camera to screen</source>
      <translation>dalla telecamera allo schermo</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>pictures</source>
      <translation>immagini</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>recording</source>
      <translation>registrazione</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>left; {size} written</source>
      <translation>rimasti; scritti {size}</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>all is well</source>
      <translation>tutto bene</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>{n} need attention</source>
      <translation>{n} richiedono attenzione</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>computed by</source>
      <translation>calcolato da</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>, of {n}</source>
      <translation>, di {n}</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>{n} of {stream}</source>
      <translation>{n} di {stream}</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>{n} at {place}</source>
      <translation>{n} in {place}</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>{n} in the last {s} s</source>
      <translation>{n} negli ultimi {s} s</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>none lately</source>
      <translation>nessuno di recente</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>in the recording</source>
      <translation>nella registrazione</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>disk: …</source>
      <translation>disco: …</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>disk: {left}</source>
      <translation>disco: {left}</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>disk: enough</source>
      <translation>disco: basta</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>nothing yet</source>
      <translation>ancora nulla</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>nobody measures it</source>
      <translation>nessuno lo misura</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>New pictures shown: {rate}</source>
      <translation>Nuove immagini mostrate: {rate}</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>on the screen</source>
      <translation>sullo schermo</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>Frames that never came to the steps.</source>
      <translation>Fotogrammi mai arrivati ai passi.</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>not recording</source>
      <translation>non registra</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>Nothing is written to the disk.</source>
      <translation>Sul disco non si scrive nulla.</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>{size} recorded</source>
      <translation>{size} registrati</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <location filename="gui/work/task_words.py" />
      <source>FAILED</source>
      <translation>FALLITO</translation>
    </message>
    <message>
      <location filename="gui/system_words.py" />
      <source>there is no such file or folder</source>
      <translation>non c'è un file o una cartella con quel nome</translation>
    </message>
    <message>
      <location filename="gui/system_words.py" />
      <source>the rights there do not allow it</source>
      <translation>i permessi non lo consentono</translation>
    </message>
    <message>
      <location filename="gui/system_words.py" />
      <source>the disk is full</source>
      <translation>il disco è pieno</translation>
    </message>
    <message>
      <location filename="gui/system_words.py" />
      <source>nothing can be written there: the disk is read-only</source>
      <translation>non vi si può scrivere: il disco è in sola lettura</translation>
    </message>
    <message>
      <location filename="gui/system_words.py" />
      <source>it is a folder, and no file</source>
      <translation>è una cartella, non un file</translation>
    </message>
    <message>
      <location filename="gui/system_words.py" />
      <source>a part of the path is a file, and no folder</source>
      <translation>una parte del percorso è un file, non una cartella</translation>
    </message>
    <message>
      <location filename="gui/system_words.py" />
      <source>it is in use</source>
      <translation>è in uso</translation>
    </message>
    <message>
      <location filename="gui/system_words.py" />
      <source>the disk or the device cannot be read or written</source>
      <translation>il disco o il dispositivo non si può leggere o scrivere</translation>
    </message>
    <message>
      <location filename="gui/system_words.py" />
      <source>nobody listens there</source>
      <translation>nessuno è in ascolto lì</translation>
    </message>
    <message>
      <location filename="gui/system_words.py" />
      <source>the address or the port is taken</source>
      <translation>l'indirizzo o la porta è occupata</translation>
    </message>
    <message>
      <location filename="gui/system_words.py" />
      <source>no answer came in time</source>
      <translation>nessuna risposta è arrivata in tempo</translation>
    </message>
    <message>
      <location filename="gui/system_words.py" />
      <source>{what} (error {n})</source>
      <translation>{what} (errore {n})</translation>
    </message>
    <message>
      <location filename="gui/tiles/board_layout.py" />
      <source>{what}
stands in a window of its own.
Close that to bring it back.</source>
      <translation>{what}
sta in una finestra propria.
Chiudila per riportarlo qui.</translation>
    </message>
    <message>
      <location filename="gui/tiles/board_layout.py" />
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Pictures</source>
      <translation>Immagini</translation>
    </message>
    <message>
      <location filename="gui/tiles/board_layout.py" />
      <source>opening …</source>
      <translation>apertura …</translation>
    </message>
    <message>
      <location filename="gui/tiles/board_layout.py" />
      <source>an empty tile has nothing to show in a window of its own</source>
      <translation>un riquadro vuoto non ha nulla da mostrare in una finestra propria</translation>
    </message>
    <message>
      <location filename="gui/tiles/board_layout.py" />
      <source>no layout: {reason}</source>
      <translation>nessuna disposizione: {reason}</translation>
    </message>
    <message>
      <location filename="gui/tiles/board_layout.py" />
      <source>the layout could not be written: {reason}</source>
      <translation>la disposizione non ha potuto essere scritta: {reason}</translation>
    </message>
    <message>
      <location filename="gui/tiles/board_tile.py" />
      <location filename="gui/tiles/tile_menu.py" />
      <source>Tile {n}: {what}</source>
      <translation>Riquadro {n}: {what}</translation>
    </message>
    <message>
      <location filename="gui/tiles/board_tile.py" />
      <source>Value under the cursor</source>
      <translation>Valore sotto il cursore</translation>
    </message>
    <message>
      <location filename="gui/tiles/board_tile.py" />
      <source>This picture cannot be painted: {reason}</source>
      <translation>Questa immagine non può essere disegnata: {reason}</translation>
    </message>
    <message>
      <location filename="gui/tiles/board_tile.py" />
      <source>old: {state}</source>
      <translation>vecchio: {state}</translation>
    </message>
    <message>
      <location filename="gui/tiles/board_tile.py" />
      <source>Picture of {what}</source>
      <translation>Immagine di {what}</translation>
    </message>
    <message>
      <location filename="gui/tiles/board_tile.py" />
      <location filename="gui/tiles/tile_menu.py" />
      <source>empty</source>
      <translation>vuoto</translation>
    </message>
    <message>
      <location filename="gui/tiles/board_tile.py" />
      <location filename="gui/tiles/filling.py" />
      <source>NO PICTURE</source>
      <translation>NESSUNA IMMAGINE</translation>
    </message>
    <message>
      <location filename="gui/tiles/board_tile.py" />
      <source>nothing</source>
      <translation>nulla</translation>
    </message>
    <message>
      <location filename="gui/tiles/color_bar.py" />
      <source>What the colors mean. Drag an end, or between them to move both; wheel: level, Ctrl+wheel: span; double click: type an end; the padlock locks the range or lets it follow the picture.</source>
      <translation>Che cosa significano i colori. Trascina un'estremità, o in mezzo per spostarle entrambe; rotella: livello, Ctrl+rotella: ampiezza; doppio clic: scrivi un'estremità; il lucchetto blocca il campo o lo lascia seguire l'immagine.</translation>
    </message>
    <message>
      <location filename="gui/tiles/color_bar.py" />
      <source>Color scale</source>
      <translation>Scala dei colori</translation>
    </message>
    <message>
      <location filename="gui/tiles/color_bar.py" />
      <source>none</source>
      <translation>nessuno</translation>
    </message>
    <message>
      <location filename="gui/tiles/color_bar.py" />
      <source>Lowest value, {unit}</source>
      <translation>Valore minimo, {unit}</translation>
    </message>
    <message>
      <location filename="gui/tiles/color_bar.py" />
      <source>Highest value, {unit}</source>
      <translation>Valore massimo, {unit}</translation>
    </message>
    <message>
      <location filename="gui/tiles/face_pictures.py" />
      <location filename="gui/tiles/titles.py" />
      <source>thermal</source>
      <translation>termico</translation>
    </message>
    <message>
      <location filename="gui/tiles/face_pictures.py" />
      <source>relief, generated</source>
      <translation>rilievo, generato</translation>
    </message>
    <message>
      <location filename="gui/tiles/face_pictures.py" />
      <source>color, generated</source>
      <translation>colore, generato</translation>
    </message>
    <message>
      <location filename="gui/tiles/face_pictures.py" />
      <source>face from eye, generated</source>
      <translation>volto da un occhio, generato</translation>
    </message>
    <message>
      <location filename="gui/tiles/face_pictures.py" />
      <source>no picture of {stream} at this instant</source>
      <translation>nessuna immagine di {stream} in questo istante</translation>
    </message>
    <message>
      <location filename="gui/tiles/face_pictures.py" />
      <source>where the face lies in the thermal picture is not known</source>
      <translation>non si sa dove sia il volto nell'immagine termica</translation>
    </message>
    <message>
      <location filename="gui/tiles/face_pictures.py" />
      <source>not generated: {setting} is off</source>
      <translation>non generato: {setting} è disattivato</translation>
    </message>
    <message>
      <location filename="gui/tiles/face_pictures.py" />
      <source>no thermal picture at this instant</source>
      <translation>nessuna immagine termica in questo istante</translation>
    </message>
    <message>
      <location filename="gui/tiles/filling.py" />
      <source>Nearest face: {id}</source>
      <translation>Volto più vicino: {id}</translation>
    </message>
    <message>
      <location filename="gui/tiles/filling.py" />
      <source>NO FACE</source>
      <translation>NESSUN VOLTO</translation>
    </message>
    <message>
      <location filename="gui/tiles/freshness.py" />
      <source>NO SIGNAL</source>
      <translation>NESSUN SEGNALE</translation>
    </message>
    <message>
      <location filename="gui/tiles/freshness.py" />
      <source>{who} (since {since})</source>
      <translation>{who} (da {since})</translation>
    </message>
    <message>
      <location filename="gui/tiles/freshness.py" />
      <source>no stream {stream} in this session</source>
      <translation>nessun flusso {stream} in questa sessione</translation>
    </message>
    <message>
      <location filename="gui/tiles/freshness.py" />
      <source>NO STREAM</source>
      <translation>NESSUN FLUSSO</translation>
    </message>
    <message>
      <location filename="gui/tiles/freshness.py" />
      <source>no frame of {stream} at this instant</source>
      <translation>nessun fotogramma di {stream} in questo istante</translation>
    </message>
    <message>
      <location filename="gui/tiles/freshness.py" />
      <source>LOST</source>
      <translation>PERSA</translation>
    </message>
    <message>
      <location filename="gui/tiles/freshness.py" />
      <source>no frame of {stream} has come yet</source>
      <translation>non è ancora arrivato alcun fotogramma di {stream}</translation>
    </message>
    <message>
      <location filename="gui/tiles/freshness.py" />
      <source>not looked for faces: {reason}</source>
      <translation>volti non cercati: {reason}</translation>
    </message>
    <message>
      <location filename="gui/tiles/freshness.py" />
      <source>face {id} is not there</source>
      <translation>il volto {id} non c'è</translation>
    </message>
    <message>
      <location filename="gui/tiles/freshness.py" />
      <source>waiting for {stream} …</source>
      <translation>in attesa di {stream} …</translation>
    </message>
    <message>
      <location filename="gui/tiles/freshness.py" />
      <source>{stream}: the camera is gone</source>
      <translation>{stream}: la telecamera non c'è più</translation>
    </message>
    <message>
      <location filename="gui/tiles/head.py" />
      <source>Drag it onto another tile: they change places. Double click: this tile alone. Right click: more.</source>
      <translation>Trascinala su un altro riquadro: si scambiano di posto. Doppio clic: solo questo riquadro. Tasto destro: altro.</translation>
    </message>
    <message>
      <location filename="gui/tiles/head.py" />
      <source>Head of the tile</source>
      <translation>Intestazione del riquadro</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Layouts</source>
      <translation>Disposizioni</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Saved layouts</source>
      <translation>Disposizioni salvate</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Enter loads a layout, Del deletes it.</source>
      <translation>Invio carica una disposizione, Canc la elimina.</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Name of the layout</source>
      <translation>Nome della disposizione</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>The name under which the layout that is shown now is saved.</source>
      <translation>Il nome sotto cui si salva la disposizione mostrata ora.</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>name of this layout</source>
      <translation>nome di questa disposizione</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Save</source>
      <translation>Salva</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Keep the layout that is shown now under this name.</source>
      <translation>Tiene sotto questo nome la disposizione mostrata ora.</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Load</source>
      <translation>Carica</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Show the chosen layout.</source>
      <translation>Mostra la disposizione scelta.</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Forget the chosen layout.</source>
      <translation>Dimentica la disposizione scelta.</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Write the layout that is shown now into a file.</source>
      <translation>Scrive in un file la disposizione mostrata ora.</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Import …</source>
      <translation>Importa …</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Show a layout from a file.</source>
      <translation>Mostra una disposizione da un file.</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Leave the layouts as they are.</source>
      <translation>Lascia le disposizioni come sono.</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Export layout</source>
      <translation>Esporta disposizione</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Import layout</source>
      <translation>Importa disposizione</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>this layout is broken: {reason}</source>
      <translation>questa disposizione è danneggiata: {reason}</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>{name} could not be written: {reason}</source>
      <translation>{name} non ha potuto essere scritto: {reason}</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_store.py" />
      <source>the saved layouts of tiles cannot be read; the usual layout is shown</source>
      <translation>le disposizioni salvate non si possono leggere; si mostra quella abituale</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_store.py" />
      <source>{name} is larger than any layout</source>
      <translation>{name} è più grande di qualsiasi disposizione</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_store.py" />
      <source>the saved layout is broken ({reason}); the usual one is shown</source>
      <translation>la disposizione salvata è danneggiata ({reason}); si mostra quella abituale</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_store.py" />
      <source>there is no layout called {name}</source>
      <translation>non c'è una disposizione di nome {name}</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_store.py" />
      <source>a layout needs a name of 1 to {n} characters</source>
      <translation>una disposizione richiede un nome da 1 a {n} caratteri</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_store.py" />
      <source>there are {n} saved layouts already; delete one first</source>
      <translation>ci sono già {n} disposizioni salvate; prima eliminane una</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_store.py" />
      <source>{name} holds no layout: {reason}</source>
      <translation>{name} non contiene una disposizione: {reason}</translation>
    </message>
    <message>
      <location filename="gui/tiles/overlay_phrases.py" />
      <source>no real face</source>
      <translation>non è un volto reale</translation>
    </message>
    <message>
      <location filename="gui/tiles/overlay_phrases.py" />
      <source>eyes open {share} %</source>
      <translation>occhi aperti {share} %</translation>
    </message>
    <message>
      <location filename="gui/tiles/overlay_phrases.py" />
      <source>eyes CLOSED {share} %</source>
      <translation>occhi CHIUSI {share} %</translation>
    </message>
    <message>
      <location filename="gui/tiles/overlay_phrases.py" />
      <source>eyes unknown</source>
      <translation>occhi ignoti</translation>
    </message>
    <message>
      <location filename="gui/tiles/overlay_phrases.py" />
      <source>right open {right} %, left open {left} %</source>
      <translation>destro aperto {right} %, sinistro aperto {left} %</translation>
    </message>
    <message>
      <location filename="gui/tiles/overlay_phrases.py" />
      <source>right CLOSED {right} %, left open {left} %</source>
      <translation>destro CHIUSO {right} %, sinistro aperto {left} %</translation>
    </message>
    <message>
      <location filename="gui/tiles/overlay_phrases.py" />
      <source>right open {right} %, left CLOSED {left} %</source>
      <translation>destro aperto {right} %, sinistro CHIUSO {left} %</translation>
    </message>
    <message>
      <location filename="gui/tiles/overlay_phrases.py" />
      <source>right eye unknown, left open {left} %</source>
      <translation>occhio destro ignoto, sinistro aperto {left} %</translation>
    </message>
    <message>
      <location filename="gui/tiles/overlay_phrases.py" />
      <source>right eye unknown, left CLOSED {left} %</source>
      <translation>occhio destro ignoto, sinistro CHIUSO {left} %</translation>
    </message>
    <message>
      <location filename="gui/tiles/overlay_phrases.py" />
      <source>right open {right} %, left eye unknown</source>
      <translation>destro aperto {right} %, occhio sinistro ignoto</translation>
    </message>
    <message>
      <location filename="gui/tiles/overlay_phrases.py" />
      <source>right CLOSED {right} %, left eye unknown</source>
      <translation>destro CHIUSO {right} %, occhio sinistro ignoto</translation>
    </message>
    <message>
      <location filename="gui/tiles/overlay_phrases.py" />
      <source>yaw {yaw}  pitch {pitch}  roll {roll}</source>
      <translation>imbardata {yaw}  beccheggio {pitch}  rollio {roll}</translation>
    </message>
    <message>
      <location filename="gui/tiles/overlay_phrases.py" />
      <source>not processed: {why}</source>
      <translation>non elaborato: {why}</translation>
    </message>
    <message>
      <location filename="gui/tiles/readout.py" />
      <source>red {red}  green {green}  blue {blue}</source>
      <translation>rosso {red}  verde {green}  blu {blue}</translation>
    </message>
    <message>
      <location filename="gui/tiles/readout.py" />
      <source>gray {count}</source>
      <translation>grigio {count}</translation>
    </message>
    <message>
      <location filename="gui/tiles/readout.py" />
      <source>{count} counts, not radiometric</source>
      <translation>{count} conteggi, non radiometrica</translation>
    </message>
    <message>
      <location filename="gui/tiles/tile_menu.py" />
      <location filename="gui/tiles/tile_window.py" />
      <source>Back into the large window</source>
      <translation>Di nuovo nella finestra grande</translation>
    </message>
    <message>
      <location filename="gui/tiles/tile_menu.py" />
      <source>What this tile shows</source>
      <translation>Che cosa mostra questo riquadro</translation>
    </message>
    <message>
      <location filename="gui/tiles/tile_menu.py" />
      <source>Nothing</source>
      <translation>Nulla</translation>
    </message>
    <message>
      <location filename="gui/tiles/tile_menu.py" />
      <source>All tiles (Enter)</source>
      <translation>Tutti i riquadri (Invio)</translation>
    </message>
    <message>
      <location filename="gui/tiles/tile_menu.py" />
      <source>This tile alone (Enter)</source>
      <translation>Solo questo riquadro (Invio)</translation>
    </message>
    <message>
      <location filename="gui/tiles/tile_menu.py" />
      <source>As in the window</source>
      <translation>Come nella finestra</translation>
    </message>
    <message>
      <location filename="gui/tiles/tile_menu.py" />
      <source>Change places with</source>
      <translation>Scambia di posto con</translation>
    </message>
    <message>
      <location filename="gui/tiles/tile_menu.py" />
      <source>The whole picture (Esc)</source>
      <translation>L'immagine intera (Esc)</translation>
    </message>
    <message>
      <location filename="gui/tiles/tile_menu.py" />
      <location filename="gui/tiles/titles.py" />
      <source>Nearest face</source>
      <translation>Volto più vicino</translation>
    </message>
    <message>
      <location filename="gui/tiles/tile_menu.py" />
      <source>Overlay of this tile</source>
      <translation>Sovrimpressione di questo riquadro</translation>
    </message>
    <message>
      <location filename="gui/tiles/tile_menu.py" />
      <source>Fill the screen (F11)</source>
      <translation>Riempie lo schermo (F11)</translation>
    </message>
    <message>
      <location filename="gui/tiles/tile_menu.py" />
      <source>In a window of its own</source>
      <translation>In una finestra propria</translation>
    </message>
    <message>
      <location filename="gui/tiles/tile_window.py" />
      <source>Window of {what}</source>
      <translation>Finestra di {what}</translation>
    </message>
    <message>
      <location filename="gui/tiles/titles.py" />
      <source>gray</source>
      <translation>grigio</translation>
    </message>
    <message>
      <location filename="gui/tiles/titles.py" />
      <source>infrared</source>
      <translation>infrarosso</translation>
    </message>
    <message>
      <location filename="gui/tiles/titles.py" />
      <source>depth</source>
      <translation>profondità</translation>
    </message>
    <message>
      <location filename="gui/tiles/titles.py" />
      <source>Empty
Right-click, or Shift+F10: choose what it shows.
Or drag another tile here by its head.</source>
      <translation>Vuoto
Tasto destro, o Maiusc+F10: scegli che cosa mostra.
Oppure trascina qui un altro riquadro per l'intestazione.</translation>
    </message>
    <message>
      <location filename="gui/translations/load.py" />
      <source>No font here has the letters of the language {name}: install {package}.</source>
      <translation>Nessun carattere qui ha le lettere della lingua {name}: installa {package}.</translation>
    </message>
    <message>
      <location filename="gui/translations/load.py" />
      <source>The translation {path} cannot be read.</source>
      <translation>La traduzione {path} non può essere letta.</translation>
    </message>
    <message>
      <location filename="gui/window.py" />
      <source>Faces and numbers</source>
      <translation>Volti e numeri</translation>
    </message>
    <message>
      <location filename="gui/window.py" />
      <source>closing …</source>
      <translation>chiusura …</translation>
    </message>
    <message>
      <location filename="gui/window_words.py" />
      <source>Working without {n} of {total} models.</source>
      <translation>Lavora senza {n} di {total} modelli.</translation>
    </message>
    <message>
      <location filename="gui/window_words.py" />
      <source>nothing to show</source>
      <translation>nulla da mostrare</translation>
    </message>
    <message>
      <location filename="gui/window_words.py" />
      <source>the camera has ended</source>
      <translation>la telecamera è terminata</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Process sessions</source>
      <translation>Elabora sessioni</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Every session is looked at from its beginning to its end: tables of what was seen, and a video with it. What was finished before is not done again.</source>
      <translation>Ogni sessione viene guardata dall'inizio alla fine: tabelle di ciò che si è visto, con un video. Ciò che era già finito non viene rifatto.</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Begin</source>
      <translation>Comincia</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Sessions and folders</source>
      <translation>Sessioni e cartelle</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>&amp;Sessions</source>
      <translation>&amp;Sessioni</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Sessions, and folders in which all sessions are taken.</source>
      <translation>Sessioni, e cartelle di cui si prendono tutte le sessioni.</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Add sessions …</source>
      <translation>Aggiungi sessioni …</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Choose session files.</source>
      <translation>Scegli file di sessione.</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Add a folder …</source>
      <translation>Aggiungi una cartella …</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>All sessions in a folder and in those below it.</source>
      <translation>Tutte le sessioni in una cartella e in quelle sotto di essa.</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Take away</source>
      <translation>Togli</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Take the chosen ones off this list; the files stay.</source>
      <translation>Toglie quelle scelte da questo elenco; i file restano.</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Results</source>
      <translation>Risultati</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>A folder; each session gets one of its own in it.</source>
      <translation>Una cartella; ogni sessione ne riceve una propria al suo interno.</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>&amp;Results</source>
      <translation>&amp;Risultati</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Write a video</source>
      <translation>Scrivi un video</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>The pictures with what was seen in them, and a contact sheet.</source>
      <translation>Le immagini con ciò che vi si è visto, e un foglio di provini.</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Process finished ones again</source>
      <translation>Elabora di nuovo quelle finite</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>What was made of them before is replaced.</source>
      <translation>Ciò che ne era stato fatto viene sostituito.</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>&amp;Workers</source>
      <translation>&amp;Processi</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Sessions at the same time. More than one slows the picture.</source>
      <translation>Sessioni nello stesso tempo. Più di una rallenta l'immagine.</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Sessions</source>
      <translation>Sessioni</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <location filename="gui/work/calibrate_dialog.py" />
      <location filename="gui/work/import_dialog.py" />
      <location filename="gui/work/open_part.py" />
      <source>Sessions (*.mcap)</source>
      <translation>Sessioni (*.mcap)</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>A folder of sessions</source>
      <translation>Una cartella di sessioni</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Add a session or a folder of sessions.</source>
      <translation>Aggiungi una sessione o una cartella di sessioni.</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Save what can be read of {name}</source>
      <translation>Salva ciò che si può leggere di {name}</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <location filename="gui/work/task_words.py" />
      <source>Recover</source>
      <translation>Recupera</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>New session</source>
      <translation>Nuova sessione</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <location filename="gui/work/import_dialog.py" />
      <source>The session to write.</source>
      <translation>La sessione da scrivere.</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>&amp;New session</source>
      <translation>&amp;Nuova sessione</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <location filename="gui/work/import_dialog.py" />
      <source>Replace a session of that name</source>
      <translation>Sostituisci una sessione con quel nome</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <location filename="gui/work/export_dialog.py" />
      <location filename="gui/work/import_dialog.py" />
      <source>What is there under that name is lost.</source>
      <translation>Ciò che c'è sotto quel nome va perso.</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>That is the damaged session itself: choose another name.</source>
      <translation>Quella è la sessione danneggiata stessa: scegli un altro nome.</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Choose sessions and a folder for the results.</source>
      <translation>Scegli le sessioni e una cartella per i risultati.</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Say where the results go.</source>
      <translation>Indica dove vanno i risultati.</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <location filename="gui/work/export_dialog.py" />
      <location filename="gui/work/fields.py" />
      <location filename="gui/work/import_dialog.py" />
      <source>Say where to write.</source>
      <translation>Indica dove scrivere.</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>The results go to a folder; {name} is a file.</source>
      <translation>I risultati vanno in una cartella; {name} è un file.</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>What is whole is written to a new session, and what was lost is told. This file stays.</source>
      <translation>Ciò che è intero viene scritto in una nuova sessione, e si dice che cosa è andato perso. Questo file resta.</translation>
    </message>
    <message>
      <location filename="gui/work/begin.py" />
      <source>{task}: begun; {keys} shows how far it is</source>
      <translation>{task}: iniziato; {keys} mostra a che punto è</translation>
    </message>
    <message>
      <location filename="gui/work/begin.py" />
      <location filename="gui/work/recording.py" />
      <source>A recording is running</source>
      <translation>Una registrazione è in corso</translation>
    </message>
    <message>
      <location filename="gui/work/begin.py" />
      <source>Opening something else ends the recording {name}. What was recorded is kept.</source>
      <translation>Aprire altro termina la registrazione {name}. Ciò che è stato registrato resta.</translation>
    </message>
    <message>
      <location filename="gui/work/begin.py" />
      <location filename="gui/work/recording.py" />
      <source>End the recording</source>
      <translation>Termina la registrazione</translation>
    </message>
    <message>
      <location filename="gui/work/begin.py" />
      <location filename="gui/work/recording.py" />
      <source>Go on recording</source>
      <translation>Continua a registrare</translation>
    </message>
    <message>
      <location filename="gui/work/begin.py" />
      <source>{task}: begun</source>
      <translation>{task}: iniziato</translation>
    </message>
    <message>
      <location filename="gui/work/bookmark.py" />
      <source>Mark with a note</source>
      <translation>Marca con una nota</translation>
    </message>
    <message>
      <location filename="gui/work/bookmark.py" />
      <source>Enter marks the moment when the key was pressed; Escape marks nothing.</source>
      <translation>Invio marca il momento in cui il tasto fu premuto; Esc non marca nulla.</translation>
    </message>
    <message>
      <location filename="gui/work/bookmark.py" />
      <source>what is seen</source>
      <translation>che cosa si vede</translation>
    </message>
    <message>
      <location filename="gui/work/bookmark.py" />
      <source>Mark at {time}:</source>
      <translation>Marca a {time}:</translation>
    </message>
    <message>
      <location filename="gui/work/bookmark.py" />
      <source>nothing can be marked: no camera is open</source>
      <translation>non si può marcare nulla: nessuna telecamera è aperta</translation>
    </message>
    <message>
      <location filename="gui/work/bookmark.py" />
      <source>marked at {time} in the recording</source>
      <translation>marcato a {time} nella registrazione</translation>
    </message>
    <message>
      <location filename="gui/work/bookmark.py" />
      <source>marked at {time}; nothing is recorded: it stands in what is saved of the last seconds</source>
      <translation>marcato a {time}; non si registra nulla: sta in ciò che si salva degli ultimi secondi</translation>
    </message>
    <message>
      <location filename="gui/work/bookmark.py" />
      <source>not marked: nothing is recorded, and nothing is held of the last seconds</source>
      <translation>non marcato: non si registra nulla, e non si tiene nulla degli ultimi secondi</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>ChArUco: a chessboard with markers (best)</source>
      <translation>ChArUco: una scacchiera con marcatori (la migliore)</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>chessboard</source>
      <translation>scacchiera</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>markers alone</source>
      <translation>solo marcatori</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>circles in a grid</source>
      <translation>cerchi in griglia</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>circles, asymmetric</source>
      <translation>cerchi, asimmetrici</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Calibrate cameras</source>
      <translation>Calibra le telecamere</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>1. Print a board at 100 % and measure a square.   2. Show it to the cameras: near and far, tilted, in every corner, and hold it still in each place.   3. The lenses, and where the cameras stand to each other, are computed and written.</source>
      <translation>1. Stampa una tavola al 100 % e misura un quadrato.   2. Mostrala alle telecamere: vicina e lontana, inclinata, in ogni angolo, e tienila ferma in ogni posto.   3. Gli obiettivi, e dove stanno le telecamere l'una rispetto all'altra, vengono calcolati e scritti.</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <location filename="gui/work/task_words.py" />
      <source>Calibrate</source>
      <translation>Calibra</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>&amp;Board</source>
      <translation>&amp;Tavola</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>What is printed on it.</source>
      <translation>Che cosa vi è stampato.</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Si&amp;ze</source>
      <translation>Di&amp;mensione</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>COLUMNSxROWS: inner corners of a chessboard; squares, markers or circles else.</source>
      <translation>COLONNExRIGHE: angoli interni di una scacchiera; altrimenti quadrati, marcatori o cerchi.</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>S&amp;quare</source>
      <translation>&amp;Quadrato</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Side of a square, measured on the print: a wrong one makes all wrong.</source>
      <translation>Lato di un quadrato, misurato sulla stampa: se è sbagliato, è sbagliato tutto.</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>&amp;Markers</source>
      <translation>M&amp;arcatori</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Their dictionary, such as 5X5_250 or APRILTAG_36h11.</source>
      <translation>Il loro dizionario, per esempio 5X5_250 o APRILTAG_36h11.</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Draw this board as a PDF …</source>
      <translation>Disegna questa tavola come PDF …</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Draw this board as a PDF</source>
      <translation>Disegna questa tavola come PDF</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Writes a page to print at 100 %.</source>
      <translation>Scrive una pagina da stampare al 100 %.</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>a recording in which the board is shown</source>
      <translation>una registrazione in cui si mostra la tavola</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>a folder of pictures</source>
      <translation>una cartella di immagini</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>a camera, or a rig of cameras, now</source>
      <translation>una telecamera, o un rig di telecamere, ora</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>&amp;From</source>
      <translation>&amp;Da</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Where the pictures of the board come from.</source>
      <translation>Da dove vengono le immagini della tavola.</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>A session.</source>
      <translation>Una sessione.</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>A folder; of several cameras in folders CAMERA/STREAM below it.</source>
      <translation>Una cartella; di più telecamere in cartelle TELECAMERA/FLUSSO al suo interno.</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Camera or rig</source>
      <translation>Telecamera o rig</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>A camera's source, or a rig's file (.toml).</source>
      <translation>La sorgente di una telecamera, o il file di un rig (.toml).</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <location filename="gui/work/camera_picker.py" />
      <source>Rig</source>
      <translation>Rig</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>A rig's file, if the recording was made with one: its cameras get the result.</source>
      <translation>Il file di un rig, se la registrazione fu fatta con uno: le sue telecamere ricevono il risultato.</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <location filename="gui/work/camera_picker.py" />
      <source>Rigs (*.toml)</source>
      <translation>Rig (*.toml)</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Rig (if any)</source>
      <translation>Rig (se c'è)</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <location filename="gui/work/export_dialog.py" />
      <source>Write to</source>
      <translation>Scrivi in</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>night.toml: a rig; night.json: the calibration alone.</source>
      <translation>night.toml: un rig; night.json: la sola calibrazione.</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Rigs and calibrations (*.toml *.json)</source>
      <translation>Rig e calibrazioni (*.toml *.json)</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <location filename="gui/work/export_dialog.py" />
      <source>&amp;Write to</source>
      <translation>Sc&amp;rivi in</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Keep pictures that show how good it is</source>
      <translation>Tieni immagini che mostrano quanto è buona</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>A folder beside the result: found corners and errors.</source>
      <translation>Una cartella accanto al risultato: angoli trovati ed errori.</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <location filename="gui/work/export_dialog.py" />
      <source>What to know</source>
      <translation>Che cosa sapere</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>The task says which view it wants next, and ends by itself when it has seen enough.</source>
      <translation>L'attività dice quale vista vuole poi, e finisce da sé quando ha visto abbastanza.</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>The size of the board is COLUMNSxROWS, such as 8x6.</source>
      <translation>La dimensione della tavola è COLONNExRIGHE, per esempio 8x6.</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Choose a recording.</source>
      <translation>Scegli una registrazione.</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Choose a folder of pictures.</source>
      <translation>Scegli una cartella di immagini.</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Name a camera or a rig's file.</source>
      <translation>Indica una telecamera o il file di un rig.</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>The result is a file that ends in .toml or .json.</source>
      <translation>Il risultato è un file che finisce in .toml o .json.</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Without a rig the result is a calibration alone: write a .json, or name the rig.</source>
      <translation>Senza un rig il risultato è la sola calibrazione: scrivi un .json, o indica il rig.</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Board</source>
      <translation>Tavola</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Pages (*.pdf *.png)</source>
      <translation>Pagine (*.pdf *.png)</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>A camera that this window shows is taken: open a recording first, to let go of it.</source>
      <translation>Una telecamera mostrata da questa finestra è occupata: prima apri una registrazione, per lasciarla libera.</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>Cameras</source>
      <translation>Telecamere</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>Tick the cameras to show. Space ticks; Enter shows.</source>
      <translation>Spunta le telecamere da mostrare. Spazio spunta; Invio mostra.</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>State of the search</source>
      <translation>Stato della ricerca</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>Source</source>
      <translation>Sorgente</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>A camera in the network, a recording played as a camera, or a rig's file.</source>
      <translation>Una telecamera in rete, una registrazione riprodotta come telecamera, o il file di un rig.</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>Add</source>
      <translation>Aggiungi</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>Put what was typed on the list, ticked.</source>
      <translation>Mette nell'elenco, spuntato, ciò che è stato scritto.</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>Rig …</source>
      <translation>Rig …</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>Choose a rig's file: several cameras with their calibration.</source>
      <translation>Scegli il file di un rig: più telecamere con la loro calibrazione.</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>User</source>
      <translation>Utente</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>user</source>
      <translation>utente</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>The camera's user. It is neither shown nor kept.</source>
      <translation>L'utente della telecamera. Non viene mostrato né conservato.</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>Password</source>
      <translation>Password</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>password</source>
      <translation>password</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>The camera's password. It is neither shown nor kept.</source>
      <translation>La password della telecamera. Non viene mostrata né conservata.</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>What is wrong</source>
      <translation>Che cosa non va</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>Show the ticked cameras in place of what is shown.</source>
      <translation>Mostra le telecamere spuntate al posto di ciò che si vede.</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <location filename="gui/work/fields.py" />
      <location filename="gui/work/task_row.py" />
      <source>Cancel</source>
      <translation>Annulla</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>Leave everything as it is.</source>
      <translation>Lascia tutto com'è.</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>the bundled drive</source>
      <translation>il viaggio incluso</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>synthetic; what a camera in a car sees at night</source>
      <translation>sintetico; ciò che una telecamera in auto vede di notte</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>A rig is shown alone: it names its cameras itself.</source>
      <translation>Un rig si mostra da solo: nomina lui stesso le sue telecamere.</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>camera</source>
      <translation>telecamera</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>source</source>
      <translation>sorgente</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>about it</source>
      <translation>informazioni</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>Show {n} cameras</source>
      <translation>Mostra {n} telecamere</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>looking for cameras …</source>
      <translation>ricerca delle telecamere …</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>The search has ended: {why}</source>
      <translation>La ricerca è terminata: {why}</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>No answer from {families}.</source>
      <translation>Nessuna risposta da {families}.</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>it does not answer</source>
      <translation>non risponde</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>rig</source>
      <translation>rig</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>{n} found</source>
      <translation>{n} trovate</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>No camera is plugged in.</source>
      <translation>Nessuna telecamera è collegata.</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>Here now</source>
      <translation>Qui ora</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>Typed</source>
      <translation>Scritte</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>Shown before</source>
      <translation>Mostrate in precedenza</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>Recorded, as if live</source>
      <translation>Registrate, come dal vivo</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>Families that cannot work here</source>
      <translation>Famiglie che qui non possono funzionare</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>A camera that comes shows by itself.</source>
      <translation>Una telecamera che arriva compare da sé.</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>Export from {name}</source>
      <translation>Esporta da {name}</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>Write a part of this recording, or all of it. The recording itself is not changed.</source>
      <translation>Scrive una parte di questa registrazione, o tutta. La registrazione stessa non viene modificata.</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <location filename="gui/work/task_words.py" />
      <source>Export</source>
      <translation>Esporta</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>all of it: {s}</source>
      <translation>tutta: {s}</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>from … to …</source>
      <translation>da … a …</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>&amp;Range</source>
      <translation>&amp;Intervallo</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>Mark a part on the time line with the keys I and O.</source>
      <translation>Marca una parte sulla linea del tempo con i tasti I e O.</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>Seconds before and after</source>
      <translation>Secondi prima e dopo</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>From second</source>
      <translation>Dal secondo</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>To second</source>
      <translation>Al secondo</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>&amp;Streams</source>
      <translation>&amp;Flussi</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>Which pictures are in it. Space switches one.</source>
      <translation>Quali immagini vi sono. Spazio ne commuta una.</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>session (.mcap): everything as it was recorded</source>
      <translation>sessione (.mcap): tutto com'è stato registrato</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>&amp;Form</source>
      <translation>F&amp;orma</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>A session that this program replays, or something for other programs.</source>
      <translation>Una sessione che questo programma riproduce, o qualcosa per altri programmi.</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <location filename="gui/work/import_dialog.py" />
      <source>&amp;Options</source>
      <translation>&amp;Opzioni</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>Further options of this form: key=value with spaces between.</source>
      <translation>Altre opzioni di questa forma: chiave=valore separati da spazi.</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>The file or folder to write.</source>
      <translation>Il file o la cartella da scrivere.</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>Replace what is there</source>
      <translation>Sostituisci ciò che c'è</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>This form needs something first: {how}</source>
      <translation>Questa forma ha prima bisogno di qualcosa: {how}</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>the marked part: {a} to {b}</source>
      <translation>la parte marcata: da {a} a {b}</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>around what is shown now ({t})</source>
      <translation>attorno a ciò che si vede ora ({t})</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>Generated images keep the word GENERATED.</source>
      <translation>Le immagini generate conservano la parola GENERATED.</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <location filename="gui/work/import_dialog.py" />
      <source>Not kept: {what}.</source>
      <translation>Non conservato: {what}.</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>Choose at least one stream.</source>
      <translation>Scegli almeno un flusso.</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>The range ends before it begins.</source>
      <translation>L'intervallo finisce prima di cominciare.</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>That is the recording itself: choose another name.</source>
      <translation>Quella è la registrazione stessa: scegli un altro nome.</translation>
    </message>
    <message>
      <location filename="gui/work/fields.py" />
      <source>The name must end in {suffix}.</source>
      <translation>Il nome deve finire in {suffix}.</translation>
    </message>
    <message>
      <location filename="gui/work/fields.py" />
      <source>{name} is there already: choose another name, or tick “replace”.</source>
      <translation>{name} c'è già: scegli un altro nome, o spunta “sostituisci”.</translation>
    </message>
    <message>
      <location filename="gui/work/fields.py" />
      <source>Choose: {what}</source>
      <translation>Scegli: {what}</translation>
    </message>
    <message>
      <location filename="gui/work/fields.py" />
      <source>What this does</source>
      <translation>Che cosa fa</translation>
    </message>
    <message>
      <location filename="gui/work/fields.py" />
      <source>What is missing or wrong</source>
      <translation>Che cosa manca o non va</translation>
    </message>
    <message>
      <location filename="gui/work/fields.py" />
      <source>Do nothing.</source>
      <translation>Non fa nulla.</translation>
    </message>
    <message>
      <location filename="gui/work/fields.py" />
      <source>options are key=value with spaces between, found {word}</source>
      <translation>le opzioni sono chiave=valore separati da spazi, trovato {word}</translation>
    </message>
    <message>
      <location filename="gui/work/fields.py" />
      <source>there is no option {key}; there are {known}</source>
      <translation>non c'è l'opzione {key}; ci sono {known}</translation>
    </message>
    <message>
      <location filename="gui/work/fields.py" />
      <source>Runs as a task beside the picture</source>
      <translation>Gira come attività accanto all'immagine</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>Frames a second</source>
      <translation>Fotogrammi al secondo</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>Where the source has no clock of its own.</source>
      <translation>Dove la sorgente non ha un orologio proprio.</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>Depth unit</source>
      <translation>Unità di profondità</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>Millimetres a depth count.</source>
      <translation>Millimetri per conteggio di profondità.</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>Field of view</source>
      <translation>Campo visivo</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>Horizontal, where there is no calibration.</source>
      <translation>Orizzontale, dove non c'è calibrazione.</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>Focal length x</source>
      <translation>Lunghezza focale x</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>Where there is no calibration.</source>
      <translation>Dove non c'è calibrazione.</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>Focal length y</source>
      <translation>Lunghezza focale y</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>Center x</source>
      <translation>Centro x</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>Center y</source>
      <translation>Centro y</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>Import {name}</source>
      <translation>Importa {name}</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>{name} becomes a session of this program. The original is not changed.</source>
      <translation>{name} diventa una sessione di questo programma. L'originale non viene modificato.</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <location filename="gui/work/task_words.py" />
      <source>Import</source>
      <translation>Importa</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>&amp;Format</source>
      <translation>&amp;Formato</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>What the file is. The first is what it looks like.</source>
      <translation>Che cosa è il file. Il primo è ciò che sembra.</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>&amp;Session</source>
      <translation>&amp;Sessione</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>viewable: Foxglove and Rerun show it</source>
      <translation>visibile: Foxglove e Rerun la mostrano</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>compact: smaller</source>
      <translation>compatta: più piccola</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>&amp;Layout</source>
      <translation>&amp;Disposizione</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>How pixels are stored; nothing is lost either way.</source>
      <translation>Come si memorizzano i pixel; in nessun caso si perde qualcosa.</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>Further options of this format: key=value with spaces between.</source>
      <translation>Altre opzioni di questo formato: chiave=valore separati da spazi.</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>What is not kept</source>
      <translation>Che cosa non si conserva</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>This format needs something first: {how}</source>
      <translation>Questo formato ha prima bisogno di qualcosa: {how}</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>as the source says</source>
      <translation>come dice la sorgente</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>  (looks like it)</source>
      <translation>  (sembra questo)</translation>
    </message>
    <message>
      <location filename="gui/work/open_part.py" />
      <location filename="gui/work/task_row.py" />
      <source>Open</source>
      <translation>Apri</translation>
    </message>
    <message>
      <location filename="gui/work/open_part.py" />
      <location filename="gui/work/session_work.py" />
      <source>looking at {name} …</source>
      <translation>esame di {name} …</translation>
    </message>
    <message>
      <location filename="gui/work/open_part.py" />
      <source>Sessions and recordings of other programs (*)</source>
      <translation>Sessioni e registrazioni di altri programmi (*)</translation>
    </message>
    <message>
      <location filename="gui/work/open_part.py" />
      <source>nothing can be imported here</source>
      <translation>qui non si può importare nulla</translation>
    </message>
    <message>
      <location filename="gui/work/open_part.py" />
      <source>no session was opened yet</source>
      <translation>nessuna sessione è stata ancora aperta</translation>
    </message>
    <message>
      <location filename="gui/work/open_part.py" />
      <source>Forget these</source>
      <translation>Dimentica queste</translation>
    </message>
    <message>
      <location filename="gui/work/open_part.py" />
      <source>{name} cannot be opened</source>
      <translation>{name} non si può aprire</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>Evidence: every frame, without loss</source>
      <translation>Prova: ogni fotogramma, senza perdita</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>Watch: a few frames a second, and clips without loss round faces and events</source>
      <translation>Guardia: pochi fotogrammi al secondo, e clip senza perdita attorno a volti ed eventi</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>Events: clips round faces and events alone</source>
      <translation>Eventi: solo clip attorno a volti ed eventi</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>Record as</source>
      <translation>Registra come</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>Compact: smaller, for this program alone</source>
      <translation>Compatto: più piccolo, solo per questo programma</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>Name</source>
      <translation>Nome</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>Profile</source>
      <translation>Profilo</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>Room</source>
      <translation>Spazio</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>asking the disk …</source>
      <translation>lettura del disco …</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>cannot be told: {why}</source>
      <translation>non si può dire: {why}</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>{n:.0f} min</source>
      <translation>{n:.0f} min</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>{n:.1f} h</source>
      <translation>{n:.1f} h</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>enough for at least {time} ({rate}/s before compression)</source>
      <translation>basta per almeno {time} ({rate}/s prima della compressione)</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>Folder of recordings</source>
      <translation>Cartella delle registrazioni</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>Where the recording is written; it is made where it is not there.</source>
      <translation>Dove si scrive la registrazione; viene creata se non c'è.</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>Of the file; where that name is taken, the next one that is free.</source>
      <translation>Del file; se il nome è preso, il successivo libero.</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>What of the frames is kept.</source>
      <translation>Che cosa si conserva dei fotogrammi.</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>Compact</source>
      <translation>Compatto</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>Less room on the disk; other programs cannot show the pictures.</source>
      <translation>Meno spazio sul disco; altri programmi non possono mostrare le immagini.</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>Choose the folder</source>
      <translation>Scegli la cartella</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>Choose the folder.</source>
      <translation>Scegli la cartella.</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>A whole path and a name without / are needed.</source>
      <translation>Servono un percorso intero e un nome senza /.</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>enough for {time} at {rate}/s, as the last recording took</source>
      <translation>basta per {time} a {rate}/s, quanto ha preso l'ultima registrazione</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>recording {name} in {folder}</source>
      <translation>registrazione di {name} in {folder}</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>{name} could not be recorded: {why}</source>
      <translation>{name} non ha potuto essere registrata: {why}</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>{name} ended by itself: {why}. What was written is kept.</source>
      <translation>{name} è terminata da sola: {why}. Ciò che è stato scritto resta.</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>{name} ended by itself: {why}. What was written is kept; {keys} begins another recording.</source>
      <translation>{name} è terminata da sola: {why}. Ciò che è stato scritto resta; {keys} comincia un'altra registrazione.</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>Nothing is held of the last seconds (keep.seconds in the configuration).</source>
      <translation>Non si tiene nulla degli ultimi secondi (keep.seconds nella configurazione).</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>Save the last {n} s as a recording of its own ({keys}). The last {reach:.0f} s are in memory ({size} of {limit}).</source>
      <translation>Salva gli ultimi {n} s come registrazione a sé ({keys}). Gli ultimi {reach:.0f} s sono in memoria ({size} di {limit}).</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>Save the last {n} s as a recording of its own. The last {reach:.0f} s are in memory ({size} of {limit}).</source>
      <translation>Salva gli ultimi {n} s come registrazione a sé. Gli ultimi {reach:.0f} s sono in memoria ({size} di {limit}).</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>saving the last {n:.0f} s: {name}</source>
      <translation>salvataggio degli ultimi {n:.0f} s: {name}</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>Closing ends the recording {name}. What was recorded is kept.</source>
      <translation>La chiusura termina la registrazione {name}. Ciò che è stato registrato viene conservato.</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>The last seconds could not be saved to {path}: {why}</source>
      <translation>Gli ultimi secondi non hanno potuto essere salvati in {path}: {why}</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>There is no room for more (keep.mib in the configuration).</source>
      <translation>Non c'è spazio per altro (keep.mib nella configurazione).</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>recording ends: {name} is being finished</source>
      <translation>la registrazione termina: {name} viene completata</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>{name} is being recorded already: end that first</source>
      <translation>{name} è già in registrazione: prima terminala</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>saved the last {n:.1f} s: {name} in {folder}</source>
      <translation>salvati gli ultimi {n:.1f} s: {name} in {folder}</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>Last {n} s</source>
      <translation>Ultimi {n} s</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>recorded {name}: {size}</source>
      <translation>registrato {name}: {size}</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>Stop</source>
      <translation>Ferma</translation>
    </message>
    <message>
      <location filename="gui/work/session_work.py" />
      <source>{name} cannot be exported: {why}</source>
      <translation>{name} non si può esportare: {why}</translation>
    </message>
    <message>
      <location filename="gui/work/snapshot.py" />
      <source>Save the moment as a folder</source>
      <translation>Salva il momento come cartella</translation>
    </message>
    <message>
      <location filename="gui/work/snapshot.py" />
      <source>saving {path}</source>
      <translation>salvataggio di {path}</translation>
    </message>
    <message>
      <location filename="gui/work/snapshot.py" />
      <source>not saved: the disk has not finished the pictures before this one</source>
      <translation>non salvato: il disco non ha finito le immagini precedenti</translation>
    </message>
    <message>
      <location filename="gui/work/snapshot.py" />
      <source>The picture could not be saved: {why}</source>
      <translation>L'immagine non ha potuto essere salvata: {why}</translation>
    </message>
    <message>
      <location filename="gui/work/snapshot.py" />
      <source>saved in {path}</source>
      <translation>salvato in {path}</translation>
    </message>
    <message>
      <location filename="gui/work/task_panel.py" />
      <source>No task. Imports, exports, batches and other long work show here how far they are.</source>
      <translation>Nessuna attività. Importazioni, esportazioni, lotti e altro lavoro lungo mostrano qui a che punto sono.</translation>
    </message>
    <message>
      <location filename="gui/work/task_panel.py" />
      <source>No task</source>
      <translation>Nessuna attività</translation>
    </message>
    <message>
      <location filename="gui/work/task_panel.py" />
      <source>Clear what is over</source>
      <translation>Togli quelle finite</translation>
    </message>
    <message>
      <location filename="gui/work/task_panel.py" />
      <source>Take tasks that are over off this list; what they made stays.</source>
      <translation>Toglie dall'elenco le attività finite; ciò che hanno prodotto resta.</translation>
    </message>
    <message>
      <location filename="gui/work/task_panel.py" />
      <source>List of tasks</source>
      <translation>Elenco delle attività</translation>
    </message>
    <message>
      <location filename="gui/work/task_panel.py" />
      <location filename="gui/work/tasks_part.py" />
      <source>Long work: show the tasks</source>
      <translation>Lavoro lungo: mostra le attività</translation>
    </message>
    <message>
      <location filename="gui/work/task_panel.py" />
      <source>Build an engine: {model}</source>
      <translation>Compila un motore: {model}</translation>
    </message>
    <message>
      <location filename="gui/work/task_panel.py" />
      <source>Close the panel; the tasks go on</source>
      <translation>Chiude il pannello; le attività continuano</translation>
    </message>
    <message>
      <location filename="gui/work/task_row.py" />
      <source>Task</source>
      <translation>Attività</translation>
    </message>
    <message>
      <location filename="gui/work/task_row.py" />
      <source>State of the task</source>
      <translation>Stato dell'attività</translation>
    </message>
    <message>
      <location filename="gui/work/task_row.py" />
      <source>What came of it</source>
      <translation>Che cosa ne è venuto</translation>
    </message>
    <message>
      <location filename="gui/work/task_row.py" />
      <source>Progress</source>
      <translation>Avanzamento</translation>
    </message>
    <message>
      <location filename="gui/work/task_row.py" />
      <source>Stop this task. What it began to write is taken away.</source>
      <translation>Ferma questa attività. Ciò che aveva cominciato a scrivere viene tolto.</translation>
    </message>
    <message>
      <location filename="gui/work/task_row.py" />
      <source>Open what it made.</source>
      <translation>Apre ciò che ha prodotto.</translation>
    </message>
    <message>
      <location filename="gui/work/task_row.py" />
      <source>Copy command</source>
      <translation>Copia il comando</translation>
    </message>
    <message>
      <location filename="gui/work/task_row.py" />
      <source>Copy the command line that does the same, for a terminal or a script.</source>
      <translation>Copia la riga di comando che fa lo stesso, per un terminale o uno script.</translation>
    </message>
    <message>
      <location filename="gui/work/task_row.py" />
      <source>Show {file} in this window.</source>
      <translation>Mostra {file} in questa finestra.</translation>
    </message>
    <message>
      <location filename="gui/work/task_row.py" />
      <source>Show {file} with the program that your system has for it.</source>
      <translation>Mostra {file} con il programma previsto dal tuo sistema.</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>Cut</source>
      <translation>Taglio</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>Batch</source>
      <translation>Lotto</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>Draw a board</source>
      <translation>Disegno di una tavola</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>waits for its turn</source>
      <translation>aspetta il suo turno</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>stopping …</source>
      <translation>si ferma …</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <location filename="gui/work/tasks_part.py" />
      <source>done</source>
      <translation>fatto</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>done, with problems</source>
      <translation>fatto, con problemi</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>cancelled</source>
      <translation>annullato</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>frames</source>
      <translation>fotogrammi</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>FrameSets</source>
      <translation>FrameSet</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>observations</source>
      <translation>osservazioni</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>models</source>
      <translation>modelli</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>MB, of three times the file</source>
      <translation>MB, di tre volte il file</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>about {h} h {m} min left</source>
      <translation>restano circa {h} h {m} min</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>{h} h {m} min</source>
      <translation>{h} h {m} min</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>{name}{done} of {of} {unit}</source>
      <translation>{name}{done} di {of} {unit}</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>a few seconds left</source>
      <translation>restano pochi secondi</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>about {n} s left</source>
      <translation>restano circa {n} s</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>about {n} min left</source>
      <translation>restano circa {n} min</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>{m} min {s} s</source>
      <translation>{m} min {s} s</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>begins …</source>
      <translation>comincia …</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>What was finished stays; the same task goes on with the rest.</source>
      <translation>Ciò che era finito resta; la stessa attività prosegue con il resto.</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>Nothing of it is kept.</source>
      <translation>Non ne resta nulla.</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>found problems</source>
      <translation>ha trovato problemi</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>{n} more</source>
      <translation>altri {n}</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>… and {n} lines more</source>
      <translation>… e altre {n} righe</translation>
    </message>
    <message>
      <location filename="gui/work/tasks_part.py" />
      <source>Build the engines that usually run, beside the picture. {keys} lets one of them take over.</source>
      <translation>Compila i motori che di solito girano, accanto all'immagine. {keys} lascia subentrare uno di essi.</translation>
    </message>
    <message>
      <location filename="gui/work/tasks_part.py" />
      <source>Build the engines that usually run, beside the picture.</source>
      <translation>Compila i motori che di solito girano, accanto all'immagine.</translation>
    </message>
    <message>
      <location filename="gui/work/tasks_part.py" />
      <source>Tasks are running</source>
      <translation>Ci sono attività in corso</translation>
    </message>
    <message>
      <location filename="gui/work/tasks_part.py" />
      <source>Close and cancel</source>
      <translation>Chiudi e annulla</translation>
    </message>
    <message>
      <location filename="gui/work/tasks_part.py" />
      <source>Go on</source>
      <translation>Continua</translation>
    </message>
    <message>
      <location filename="gui/work/tasks_part.py" />
      <source>Closing cancels {n} tasks that are not done.</source>
      <translation>La chiusura annulla {n} attività non finite.</translation>
    </message>
    <message>
      <location filename="gui/work/tasks_part.py" />
      <source>Closing cancels a task that is not done.</source>
      <translation>La chiusura annulla un'attività non finita.</translation>
    </message>
    <message>
      <location filename="gui/work/tasks_part.py" />
      <source>{task} failed: {why}</source>
      <translation>{task} non è riuscita: {why}</translation>
    </message>
    <message>
      <location filename="gui/work/tasks_part.py" />
      <source>{task} found problems; {keys} shows them</source>
      <translation>{task} ha trovato problemi; {keys} li mostra</translation>
    </message>
    <message>
      <location filename="gui/work/tasks_part.py" />
      <source>no program here opens {file}</source>
      <translation>nessun programma qui apre {file}</translation>
    </message>
    <message>
      <location filename="gui/work/tasks_part.py" />
      <source>{task} found problems</source>
      <translation>{task} ha trovato problemi</translation>
    </message>
    <message>
      <location filename="gui/work/tasks_part.py" />
      <source>{task} is cancelled</source>
      <translation>{task} è annullata</translation>
    </message>
    <message>
      <location filename="gui/work/tasks_part.py" />
      <source>{task} is done; open it from the tasks</source>
      <translation>{task} è finita; aprila dalle attività</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>Time, with what happened drawn on it; a click jumps.</source>
      <translation>Il tempo, con ciò che è accaduto disegnato sopra; un clic salta.</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>Welcome</source>
      <translation>Benvenuto</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>&lt;b&gt;This is a recorded, synthetic scene&lt;/b&gt;, not a camera of yours.</source>
      <translation>&lt;b&gt;Questa è una scena sintetica registrata&lt;/b&gt;, non una tua telecamera.</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>What is shown</source>
      <translation>Che cosa si vede</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>Put this line away, for good.</source>
      <translation>Toglie questa riga, per sempre.</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>Put this line away, for good. {keys} is the help.</source>
      <translation>Toglie questa riga, per sempre. {keys} è l'aiuto.</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>What do I see?</source>
      <translation>Che cosa vedo?</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>Close this page.</source>
      <translation>Chiude questa pagina.</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>The pictures</source>
      <translation>Le immagini</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>One scene, seen by several cameras at the same moment: depth (how far each point is, as colour), infrared (what its own lamp lights), thermal (how warm each point is). Double-click one to see it large.</source>
      <translation>Una scena, vista da più telecamere nello stesso momento: profondità (quanto è lontano ogni punto, come colore), infrarosso (ciò che illumina la sua lampada), termico (quanto è caldo ogni punto). Un doppio clic su una la mostra grande.</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>The box</source>
      <translation>Il riquadro</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>A face that was found, with its number, how far away it is, and how sure that is. The points are its eyes, brows, nose, mouth and jaw; hollow ones are guessed. The three lines show where the head turns.</source>
      <translation>Un volto trovato, con il suo numero, quanto è lontano, e quanto ciò è sicuro. I punti sono occhi, sopracciglia, naso, bocca e mascella; quelli vuoti sono supposti. Le tre linee mostrano dove gira la testa.</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>The card of a face</source>
      <translation>La scheda di un volto</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>Its relief and its colors, its distance, head pose, and how far its eyes are open. A dash means: not known. Nothing is made up where nothing was measured.</source>
      <translation>Il suo rilievo e i suoi colori, la distanza, la posa della testa e quanto sono aperti gli occhi. Un trattino significa: non noto. Nulla viene inventato dove nulla è stato misurato.</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>Such an image was imagined by a model from what was measured. It is no photograph; it always says so.</source>
      <translation>Tale immagine fu immaginata da un modello a partire da ciò che si è misurato. Non è una fotografia; lo dice sempre.</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>Old pictures</source>
      <translation>Immagini vecchie</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>A picture that stands still since its camera does is greyed, and says how old it is.</source>
      <translation>Un'immagine ferma perché lo è la sua telecamera viene ingrigita, e dice quanto è vecchia.</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>The line at the bottom</source>
      <translation>La linea in basso</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>{keys} plays and pauses.</source>
      <translation>{keys} riproduce e mette in pausa.</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>{keys} steps back.</source>
      <translation>{keys} torna indietro di un passo.</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>{keys} steps on.</source>
      <translation>{keys} va avanti di un passo.</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>{keys} finds everything that can be done.</source>
      <translation>{keys} trova tutto ciò che si può fare.</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>{keys} shows all keys.</source>
      <translation>{keys} mostra tutti i tasti.</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>Pick cameras …</source>
      <translation>Scegli telecamere …</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>Got it</source>
      <translation>Ho capito</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>The picture in a few sentences.</source>
      <translation>L'immagine in poche frasi.</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>Open a recording of yours, or of another program</source>
      <translation>Apre una tua registrazione, o una di un altro programma</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>Show what cameras see now</source>
      <translation>Mostra ciò che le telecamere vedono ora</translation>
    </message>
  </context>
</TS>
