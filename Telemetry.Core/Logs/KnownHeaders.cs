using System.Collections.Frozen;
using Telemetry.Core.Signals;

namespace Telemetry.Core.Logs;

/// <summary>Names of values in the files of phone apps, and the signals that they mean.</summary>
/// <remarks>
/// English: Torque's list of PIDs and its track logs (torque-bhp.com/wiki/PIDs; header lines of published logs), Car Scanner's names, which
/// are those of SAE J1979, OBD Fusion's and OBDLink's (OCTech) log files. Italian: names in Car Scanner's exports. Other languages:
/// the usual names of the same quantities. Names are compared by their letters and digits; units are not part of them.
/// </remarks>
static class KnownHeaders
{
    /// <summary>The adapter's own voltage; it stands for the control module's in a file without that.</summary>
    public const string AdapterVoltage = "battery_voltage";

    static readonly (string Signal, string Names)[] Table =
    [
        ("rpm", "Engine RPM|Engine speed|RPM|Revs|Engine revs|Engine revolutions|Motordrehzahl|Drehzahl|Motor Drehzahl|Régime moteur|Tours moteur|Vitesse moteur|RPM del motor|Revoluciones del motor|Régimen del motor|Giri motore|Giri/min motore|Regime motore|Rotação do motor|RPM do motor|Motortoerental|Toerental|Obroty silnika|Motorvarvtal|Varvtal|Otáčky motoru|Обороты двигателя|Частота вращения двигателя"),
        ("vehicle_speed", "Vehicle speed|Speed (OBD)|OBD Speed|Speed|Vehicle speed sensor|Vehicle Speed (OBD)|Car speed|Fahrzeuggeschwindigkeit|Geschwindigkeit|Geschwindigkeit (OBD)|Vitesse du véhicule|Vitesse véhicule|Vitesse|Vitesse (OBD)|Velocidad del vehículo|Velocidad|Velocidad (OBD)|Velocità veicolo|Velocità del veicolo|Velocità|Velocità (OBD)|Velocidade do veículo|Velocidade|Voertuigsnelheid|Snelheid|Prędkość pojazdu|Prędkość|Fordonshastighet|Hastighet|Rychlost vozidla|Скорость автомобиля|Скорость"),
        ("coolant_temperature", "Engine coolant temperature|Coolant temperature|Engine coolant temp|Coolant temp|ECT|Coolant|Engine temperature|Kühlmitteltemperatur|Motorkühlmitteltemperatur|Kühlwassertemperatur|Kühlmitteltemperatur Motor|Température du liquide de refroidissement|Température du liquide de refroidissement moteur|Température liquide de refroidissement|Température eau|Temperatura del refrigerante|Temperatura del refrigerante del motor|Temperatura del líquido de enfriamiento del motor|Temperatura liquido raffreddamento|Temperatura liquido raffreddamento motore|Temperatura liquido di raffreddamento motore|Temperatura do líquido de arrefecimento|Temperatura do líquido de arrefecimento do motor|Koelvloeistoftemperatuur|Koelvloeistoftemperatuur motor|Temperatura płynu chłodzącego|Temperatura płynu chłodniczego|Kylvätsketemperatur|Teplota chladicí kapaliny|Температура охлаждающей жидкости|Температура охлаждающей жидкости двигателя"),
        ("engine_load", "Engine load|Calculated engine load|Calculated engine load value|Calculated load|Calculated load value|Load|Motorlast|Berechnete Motorlast|Berechneter Motorlastwert|Charge moteur|Charge du moteur|Charge moteur calculée|Valeur calculée de la charge moteur|Carga del motor|Carga calculada del motor|Valor calculado de carga del motor|Carico motore|Carico motore calcolato|Valore calcolato carico motore|Carga do motor|Carga calculada do motor|Motorbelasting|Berekende motorbelasting|Obciążenie silnika|Motorbelastning|Zatížení motoru|Нагрузка двигателя|Нагрузка на двигатель|Расчетная нагрузка двигателя"),
        ("control_module_voltage", "Control module voltage|Voltage (Control Module)|Module voltage|ECU voltage|Steuergerätespannung|Spannung Steuergerät|Spannung des Steuergeräts|Tension du calculateur|Tension du module de commande|Voltaje del módulo de control|Tensión del módulo de control|Tensione centralina|Tensione modulo di controllo|Tensão do módulo de controle|Spanning regelmodule|Napięcie modułu sterującego|Напряжение блока управления"),
        ("fuel_rail_pressure", "Fuel rail pressure|Fuel rail absolute pressure|Fuel rail gauge pressure|Fuel Rail Pressure (Direct)|Fuel Rail Pressure (diesel)|Fuel Rail Pressure (relative to manifold vacuum)|Fuel rail pressure (direct inject)|Fuel rail pressure (absolute)|Kraftstoffverteilerdruck|Raildruck|Kraftstoff-Raildruck|Kraftstoffdruck Rail|Pression rampe carburant|Pression de la rampe de carburant|Pression rail carburant|Pression rail|Presión del riel de combustible|Presión del rail de combustible|Presión de rampa de combustible|Pressione rail carburante|Pressione rail|Pressão do trilho de combustível|Pressão da rampa de combustível|Brandstofraildruk|Ciśnienie na listwie paliwowej|Ciśnienie paliwa na listwie|Давление в топливной рампе|Давление топлива в рампе"),
        (AdapterVoltage, "Voltage (OBD Adapter)|OBD Adapter Voltage|OBD Module Voltage|Adapter voltage|Battery voltage|ELM voltage|Voltage|Batteriespannung|Tension batterie|Tension de la batterie|Voltaje de la batería|Tensión de la batería|Tensione batteria|Tensão da bateria|Accuspanning|Napięcie akumulatora|Напряжение аккумулятора"),
        ("intake_air_temperature", "Intake air temperature|Intake air temp|Intake temperature|IAT|Ansauglufttemperatur|Température d'air d'admission|Température de l'air d'admission|Température air admission|Temperatura del aire de admisión|Temperatura del aire del colector de admisión|Temperatura aria aspirata|Temperatura aria di aspirazione|Temperatura do ar de admissão|Inlaatluchttemperatuur|Temperatura powietrza dolotowego|Температура воздуха на впуске|Температура впускного воздуха"),
        ("intake_mani_abs_press", "Intake manifold absolute pressure|Intake Manifold Pressure|Manifold absolute pressure|MAP|Saugrohrdruck|Ansaugkrümmerdruck|Absolutdruck Ansaugkrümmer|Saugrohrabsolutdruck|Pression d'admission|Pression absolue du collecteur d'admission|Pression collecteur admission|Presión del colector de admisión|Presión absoluta del colector de admisión|Pressione collettore aspirazione|Pressione assoluta collettore di aspirazione|Pressão do coletor de admissão|Inlaatspruitstukdruk|Ciśnienie w kolektorze dolotowym|Давление во впускном коллекторе"),
        ("maf_air_flow_rate", "Mass air flow rate|MAF air flow rate|Mass air flow|MAF|Air flow rate from mass air flow sensor|Air flow rate (MAF)|Luftmassenstrom|Luftmasse|Luftmassendurchsatz|Débit d'air massique|Débit d'air|Débit massique d'air|Flujo de masa de aire|Caudal de aire|Flujo de aire MAF|Portata massa aria|Portata aria|Flusso aria MAF|Fluxo de massa de ar|Luchtmassastroom|Przepływ powietrza|Массовый расход воздуха"),
        ("throttle_position", "Throttle position|Throttle Position (Manifold)|Absolute throttle position|TPS|Drosselklappenstellung|Drosselklappe|Drosselklappenposition|Position du papillon|Position papillon|Position absolue du papillon|Posición del acelerador|Posición de la mariposa|Posizione farfalla|Posizione valvola a farfalla|Posição da borboleta|Gasklepstand|Położenie przepustnicy|Положение дроссельной заслонки"),
        ("timing_advance", "Timing advance|Ignition timing advance|Timing advance (cylinder #1)|Zündzeitpunkt|Zündwinkel|Avance à l'allumage|Avance de encendido|Avance del encendido|Anticipo accensione|Avanço da ignição|Угол опережения зажигания"),
        ("fuel_tank_level", "Fuel level|Fuel level input|Fuel Level (From Engine ECU)|Fuel tank level|Tankfüllstand|Kraftstoffstand|Kraftstofffüllstand|Niveau de carburant|Niveau carburant|Nivel de combustible|Nivel del tanque de combustible|Livello carburante|Livello del carburante|Nível de combustível|Brandstofniveau|Poziom paliwa|Уровень топлива"),
        ("ambient_air_temp", "Ambient air temperature|Ambient air temp|Ambient temperature|Outside air temperature|Umgebungslufttemperatur|Umgebungstemperatur|Außentemperatur|Température ambiante|Température de l'air ambiant|Température extérieure|Temperatura ambiente|Temperatura del aire ambiente|Temperatura d'aria ambiente|Temperatura aria ambiente|Temperatura do ar ambiente|Omgevingstemperatuur|Buitentemperatuur|Temperatura otoczenia|Температура окружающего воздуха|Температура за бортом"),
        ("abs_baro_pres", "Barometric pressure|Barometric pressure (from vehicle)|Absolute barometric pressure|Atmospheric pressure|Luftdruck|Umgebungsdruck|Barometerdruck|Pression barométrique|Pression atmosphérique|Presión barométrica|Presión atmosférica|Pressione barometrica|Pressione atmosferica|Pressão barométrica|Barometrische druk|Ciśnienie atmosferyczne|Атмосферное давление"),
        ("engine_oil_temp", "Engine oil temperature|Oil temperature|Engine oil temp|Oil temp|Öltemperatur|Motoröltemperatur|Température d'huile|Température huile moteur|Température de l'huile moteur|Temperatura del aceite|Temperatura del aceite del motor|Temperatura olio|Temperatura olio motore|Temperatura do óleo|Temperatura do óleo do motor|Olietemperatuur|Temperatura oleju|Температура масла"),
        ("engine_fuel_rate", "Engine fuel rate|Fuel Rate (direct from ECU)|Fuel rate"),
        ("fuel_rate_calculated", "Fuel flow rate/hour|Fuel flow rate (hour)|Fuel flow rate|Fuel flow rate/minute|Calculated instant fuel rate"),
        ("abs_load_value", "Absolute load value|Engine Load (Absolute)|Absolute engine load|Absolute load"),
        ("short_fuel_trim_bank1", "Short term fuel trim - Bank 1|Fuel Trim Bank 1 Short Term|Short term fuel trim bank 1|STFT bank 1|STFT B1"),
        ("long_fuel_trim_bank1", "Long term fuel trim - Bank 1|Fuel Trim Bank 1 Long Term|Long term fuel trim bank 1|LTFT bank 1|LTFT B1"),
        ("short_fuel_trim_bank2", "Short term fuel trim - Bank 2|Fuel Trim Bank 2 Short Term|STFT bank 2|STFT B2"),
        ("long_fuel_trim_bank2", "Long term fuel trim - Bank 2|Fuel Trim Bank 2 Long Term|LTFT bank 2|LTFT B2"),
        ("fuel_pressure", "Fuel pressure|Fuel pressure (gauge)|Fuel gauge pressure"),
        ("time_since_eng_start", "Run time since engine start|Time since engine start|Engine run time|Runtime since engine start"),
        ("distance_mil_on", "Distance travelled with MIL/CEL lit|Distance traveled with MIL on|Distance travelled with MIL on|Distance traveled while MIL is activated|Distance traveled with malfunction indicator lamp (MIL) on"),
        ("distance_since_code_clear", "Distance travelled since codes cleared|Distance traveled since codes cleared|Distance since codes cleared|Distance traveled since DTCs cleared"),
        ("time_run_mil_on", "Time run with MIL on|Time run by the engine while MIL is activated|Engine run time while MIL on"),
        ("time_since_code_clear", "Time since trouble codes cleared|Time since codes cleared|Engine run time since codes cleared|Engine running time while diagnostic trouble codes cleared"),
        ("warm_ups_since_code_clear", "Warm-ups since codes cleared|Number of warm-ups since codes cleared|Warmups since DTCs cleared"),
        ("cmd_egr", "EGR Commanded|Commanded EGR"),
        ("egr_error", "EGR Error"),
        ("cmd_evap_purge", "Commanded evaporative purge|Evap purge commanded"),
        ("evap_sys_vapor_pres", "Evap System Vapour Pressure|Evap. System Vapor Pressure|Evap system vapor pressure"),
        ("fuel_air_cmd_equiv", "Fuel/Air commanded equivalence ratio|Commanded Equivalence Ratio|Commanded Equivalence Ratio (lambda)|Equivalence ratio (commanded)|Commanded fuel-air equivalence ratio"),
        ("rel_throttle_pos", "Relative throttle position"),
        ("abs_throttle_pos_b", "Absolute throttle position B"),
        ("abs_throttle_pos_c", "Absolute throttle position C"),
        ("abs_throttle_pos_d", "Accelerator pedal position D|Accelerator PedalPosition D|Absolute pedal position D"),
        ("abs_throttle_pos_e", "Accelerator pedal position E|Accelerator PedalPosition E|Absolute pedal position E"),
        ("abs_throttle_pos_f", "Accelerator pedal position F|Accelerator PedalPosition F|Absolute pedal position F"),
        ("cmd_throttle_act", "Commanded throttle actuator|Commanded throttle actuator control"),
        ("rel_accel_pedal_pos", "Relative accelerator pedal position"),
        ("ethanol_fuel_pct", "Ethanol Fuel|Ethanol fuel percentage|Alcohol fuel percentage"),
        ("hybr_bat_pack_rem_life", "Hybrid battery pack remaining life|Hybrid Battery Charge|Hybrid/EV battery pack remaining life"),
        ("demand_eng_torq_pct", "Drivers demand engine % torque|Driver's demand engine - percent torque|Driver's demand engine percent torque"),
        ("actual_eng_torq_pct", "Actual engine % torque|Actual engine - percent torque|Actual engine percent torque"),
        ("eng_ref_torq", "Engine reference torque"),
        ("cat_temp_bank1sens1", "Catalyst temperature Bank 1 Sensor 1|Catalyst Temperature (Bank 1 Sensor 1)"),
        ("cat_temp_bank2sens1", "Catalyst temperature Bank 2 Sensor 1|Catalyst Temperature (Bank 2 Sensor 1)"),
        ("cat_temp_bank1sens2", "Catalyst temperature Bank 1 Sensor 2|Catalyst Temperature (Bank 1 Sensor 2)"),
        ("cat_temp_bank2sens2", "Catalyst temperature Bank 2 Sensor 2|Catalyst Temperature (Bank 2 Sensor 2)"),
        ("egt_bank1sens1", "Exhaust Gas Temp Bank 1 Sensor 1|Exhaust gas temperature Bank 1 Sensor 1"),
        ("egt_bank2sens1", "Exhaust Gas Temp Bank 2 Sensor 1|Exhaust gas temperature Bank 2 Sensor 1"),
        ("oxy_sensor1_volt", "O2 Volts Bank 1 sensor 1|O2 Sensor 1 Bank 1 voltage|Oxygen sensor 1 Bank 1 Voltage|O2 voltage (Bank 1, Sensor 1)"),
        ("oxy_sensor2_volt", "O2 Volts Bank 1 sensor 2|O2 Sensor 2 Bank 1 voltage|Oxygen sensor 2 Bank 1 Voltage|O2 voltage (Bank 1, Sensor 2)"),
        ("oxy_sensor1_stft", "Fuel trim bank 1 sensor 1|Oxygen sensor 1 Bank 1 Short term fuel trim"),
        ("oxy_sensor2_stft", "Fuel trim bank 1 sensor 2|Oxygen sensor 2 Bank 1 Short term fuel trim"),
        ("odometer", "Odometer|Odometer (from ECU)|Odometer (OBD)|Kilometerstand|Odomètre|Odómetro|Contachilometri|Пробег"),
        ("soc", "State of charge|SOC|State of Charge (BMS)|State of Charge (HV battery)|Ladezustand|État de charge|Estado de carga|Stato di carica"),
        ("gps_speed", "GPS Speed|Speed (GPS)|GPS velocity|Geschwindigkeit (GPS)|Vitesse (GPS)|Velocidad (GPS)|Velocità (GPS)"),
        ("latitude", "Latitude|Lat|GPS Latitude|Breitengrad|Latitud|Latitudine|Широта"),
        ("longitude", "Longitude|Longtitude|Lon|Lng|GPS Longitude|Längengrad|Longitud|Longitudine|Долгота"),
        ("altitude", "Altitude|GPS Altitude|Altitude (GPS)|Elevation|Höhe (GPS)|Altitud (GPS)|Altitudine (GPS)|Altitudine GPS"),
        ("fuel_consumption_instant", "Miles Per Gallon (Instant)|Litres Per 100 Kilometer (Instant)|Kilometers Per Litre (Instant)|Calculated instant fuel consumption|Instant fuel consumption|Instant fuel economy|Fuel Economy (Instant)"),
        ("fuel_consumption_average", "Miles Per Gallon (Long Term Average)|Litres Per 100 Kilometer (Long Term Average)|Kilometers Per Litre (Long Term Average)|Average fuel consumption|Average fuel economy|Total Fuel Economy"),
        ("fuel_consumption_trip", "Trip average MPG|Trip average Litres/100 KM|Trip average KPL|Trip Fuel Economy"),
    ];

    static readonly FrozenDictionary<string, string> ByName = Index();

    /// <summary>The signal of a name; null if it is not in the table.</summary>
    public static string? SignalOf(string name) => ByName.GetValueOrDefault(Compared(name));

    /// <summary>A name as it is compared: its letters and digits.</summary>
    public static string Compared(string name) => SignalKey.WholeName(name).Replace("_", "");

    static FrozenDictionary<string, string> Index()
    {
        var index = new Dictionary<string, string>();
        foreach (var (signal, names) in Table)
            foreach (var name in names.Split('|')) index.TryAdd(Compared(name), signal);
        return index.ToFrozenDictionary();
    }
}
