using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using OrleansPayments.Connectors;
using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.Json;
using OrleansPayments.Silo.Api.Merchants;
using OrleansPayments.Silo.Api.Payments;
using OrleansPayments.Silo.Api.Problems;
using OrleansPayments.Silo.Api.Routing;

namespace OrleansPayments.Silo.Api.Connectors;

/// <summary>Reads what a connector can be given, at its creation and later. What is left out or null stays null.</summary>
internal static class ConnectorMembers
{
    public const int MaxPriority = 1_000_000;
    public const int MinTimeoutMs = 100;
    public const int MaxTimeoutMs = 20_000;
    public const int MostInFlight = 10_000;
    public const int MaxFees = 200;
    public const int MaxCodes = 250;
    public const long MaxFixedFee = 999_999_999_999;
    public const string Any = "*";

    public static ImmutableArray<string> Fields { get; } =
        ["enabled", "status", "priority", "timeout_ms", "credentials", "capabilities", "fees", "health", "inquiry", "max_in_flight"];

    public static ImmutableArray<string> CapabilityFields { get; } = ["methods", "currencies", "countries", "networks", "amounts"];

    public static ImmutableArray<string> AmountFields { get; } = ["currency", "min", "max"];

    public static ImmutableArray<string> FeeFields { get; } = ["method", "network", "currency", "rate_bps", "fixed", "effective_from", "effective_until"];

    public static ImmutableArray<string> HealthFields { get; } = ["window_seconds", "min_calls", "open_below_success_rate", "open_seconds"];

    public static ImmutableArray<string> InquiryFields { get; } = ["first_after_ms", "not_found_final_after_seconds", "give_up_after_seconds"];

    /// <summary>The payment methods of the API; a connector may name one before the API takes payments with it.</summary>
    public static ImmutableArray<string> Methods { get; } = ["card", "wallet", "bank_transfer", "crypto", "account"];

    /// <summary>By the names that they have in requests and answers.</summary>
    public static FrozenDictionary<string, ConnectorStatus> Statuses { get; } =
        Enum.GetValues<ConnectorStatus>().ToFrozenDictionary(NameOf, StringComparer.Ordinal);

    public static MapLimits CredentialLimits { get; } = new(MaxCount: 20, MaxKeyLength: 64, MinValueLength: 1, MaxValueLength: 8192);

    private static readonly string MethodRule = $"The value must be one of: {string.Join(", ", Methods)}, *.";

    private static readonly string NetworkRule = $"The value must be one of: {string.Join(", ", RoutingConfigurationRequest.Networks)}, *.";

    private const string CurrencyRule = "The value must be an ISO 4217 code in upper case, or *.";

    private const string CountryRule = "The value must be an ISO 3166-1 alpha-2 code in upper case, or *.";

    public static string NameOf(ConnectorStatus status) => status switch
    {
        ConnectorStatus.Enabled => "enabled",
        ConnectorStatus.Draining => "draining",
        ConnectorStatus.Disabled => "disabled",
        _ => throw new InvalidOperationException($"Unknown status {status}."),
    };

    /// <summary>Not to be used after a fault.</summary>
    /// <param name="fields">Those of an object that may have <see cref="Fields"/>.</param>
    public static UpdateConnector Read(JsonFields fields, Faults faults) => new(
        IfVersion: null,
        ReadStatus(fields),
        OptionalInt32(fields, "priority", 0, MaxPriority),
        OptionalInt32(fields, "timeout_ms", MinTimeoutMs, MaxTimeoutMs),
        OptionalInt32(fields, "max_in_flight", 1, MostInFlight),
        ReadCapabilities(fields, faults),
        ReadFees(fields, faults),
        ReadHealth(fields),
        ReadInquiry(fields),
        fields.Has("credentials") ? new ConnectorCredentials(fields.RequiredMap("credentials", CredentialLimits)) : null);

    // What is answered may be sent back: a connector that is drained or disabled is not enabled.
    private static ConnectorStatus? ReadStatus(JsonFields fields)
    {
        bool? enabled = fields.Has("enabled") ? fields.OptionalBoolean("enabled", true) : null;
        if (fields.OptionalText("status", 64) is not { } text)
            return enabled is { } whether ? whether ? ConnectorStatus.Enabled : ConnectorStatus.Disabled : null;

        if (!Statuses.TryGetValue(text, out var status))
            fields.Refuse(ProblemCatalogue.InvalidValue, "status", $"The value must be one of: {string.Join(", ", Enum.GetValues<ConnectorStatus>().Select(NameOf))}.");
        else if (enabled is { } given && given != (status == ConnectorStatus.Enabled))
            fields.Refuse(ProblemCatalogue.InvalidValue, "status", "The value contradicts enabled, which is true for enabled and false for draining and disabled.");
        return status;
    }

    private static CapabilityChanges? ReadCapabilities(JsonFields fields, Faults faults) => fields.OptionalObject("capabilities", CapabilityFields) is { } capabilities
        ? new CapabilityChanges(
            capabilities.OptionalTexts("methods", Methods.Length + 1, IsMethod, MethodRule),
            capabilities.OptionalTexts("currencies", MaxCodes, IsCurrency, CurrencyRule),
            capabilities.OptionalTexts("countries", MaxCodes, IsCountry, CountryRule),
            capabilities.OptionalTexts("networks", RoutingConfigurationRequest.Networks.Length + 1, IsNetwork, NetworkRule),
            ReadAmounts(capabilities, faults))
        : null;

    private static ImmutableArray<AmountRange>? ReadAmounts(JsonFields capabilities, Faults faults)
    {
        if (capabilities.OptionalArray("amounts", MaxCodes, ReadAmount) is not { } amounts) return null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var at = 0; at < amounts.Length; at++)
        {
            if (seen.Add(amounts[at].Currency)) continue;
            var pointer = JsonPointer.Member(JsonPointer.Element(capabilities.PointerOf("amounts"), at), "currency");
            faults.Add(ProblemCatalogue.InvalidValue, "A currency has one range.", pointer);
        }

        return amounts;
    }

    private static AmountRange ReadAmount(JsonElement element, string pointer, Faults faults)
    {
        var range = JsonFields.Read(element, pointer, faults, AmountFields);
        var currency = range.OptionalText("currency", 255) ?? Any;
        if (!IsCurrency(currency)) range.Refuse(ProblemCatalogue.InvalidValue, "currency", CurrencyRule);
        var min = range.OptionalInteger("min", 0, PaymentRequest.MaxAmount);
        var max = range.OptionalInteger("max", 1, PaymentRequest.MaxAmount);
        if (min is null && max is null) faults.Add(ProblemCatalogue.MissingField, "A bound must be given: min, max or both.", range.PointerOf("min"));
        if (min > max) range.Refuse(ProblemCatalogue.InvalidValue, "min", "The value must not be above max.");
        return new AmountRange(currency, min, max);
    }

    private static ImmutableArray<ConnectorFee>? ReadFees(JsonFields fields, Faults faults)
    {
        if (fields.OptionalArray("fees", MaxFees, ReadFee) is not { } fees) return null;
        RefuseAmbiguous(fees, fields.PointerOf("fees"), faults);
        return fees;
    }

    /// <summary>Of two fees that may fit the same payment at the same time the later one is refused.</summary>
    /// <param name="pointer">To the table.</param>
    public static void RefuseAmbiguous(ImmutableArray<ConnectorFee> fees, string pointer, Faults faults)
    {
        for (var later = 1; later < fees.Length; later++)
        {
            for (var earlier = 0; earlier < later; earlier++)
            {
                if (!AreAmbiguous(fees[earlier], fees[later])) continue;
                faults.Add(
                    ProblemCatalogue.InvalidValue, $"Fee {earlier} is for the same payments at the same time. Let one of them end before the other begins.",
                    JsonPointer.Element(pointer, later));
            }
        }
    }

    // Two fees that fit the same payment are equally specific only if they name the same.
    private static bool AreAmbiguous(ConnectorFee one, ConnectorFee other) =>
        one.Method == other.Method && one.Network == other.Network && one.Currency == other.Currency
        && (one.EffectiveUntil ?? DateTimeOffset.MaxValue) > (other.EffectiveFrom ?? DateTimeOffset.MinValue)
        && (other.EffectiveUntil ?? DateTimeOffset.MaxValue) > (one.EffectiveFrom ?? DateTimeOffset.MinValue);

    public static ConnectorFee ReadFee(JsonElement element, string pointer, Faults faults)
    {
        var fee = JsonFields.Read(element, pointer, faults, FeeFields);
        var method = fee.OptionalText("method", 255) ?? Any;
        var network = fee.OptionalText("network", 255) ?? Any;
        var currency = fee.OptionalText("currency", 255) ?? Any;
        if (!IsMethod(method)) fee.Refuse(ProblemCatalogue.InvalidValue, "method", MethodRule);
        if (!IsNetwork(network)) fee.Refuse(ProblemCatalogue.InvalidValue, "network", NetworkRule);
        if (!IsCurrency(currency)) fee.Refuse(ProblemCatalogue.InvalidValue, "currency", CurrencyRule);
        var from = ReadTime(fee, "effective_from");
        var until = ReadTime(fee, "effective_until");
        if (from >= until) fee.Refuse(ProblemCatalogue.InvalidValue, "effective_until", "The value must be later than effective_from.");
        return new ConnectorFee(
            method, currency, fee.OptionalInt32("rate_bps", 0, 10_000, 0), fee.OptionalInteger("fixed", 0, MaxFixedFee, 0),
            network == Any ? null : network, from, until);
    }

    private static DateTimeOffset? ReadTime(JsonFields fields, string name)
    {
        if (fields.OptionalText(name, 64) is not { } text) return null;
        if (Rfc3339.TryParse(text, out var time)) return time;
        fields.Refuse(ProblemCatalogue.InvalidValue, name, "The value must be a time of RFC 3339, such as 2026-01-31T12:00:00Z.");
        return null;
    }

    private static HealthChanges? ReadHealth(JsonFields fields) => fields.OptionalObject("health", HealthFields) is { } health
        ? new HealthChanges(
            OptionalInt32(health, "window_seconds", 1, 3600),
            OptionalInt32(health, "min_calls", 1, 10_000),
            health.Has("open_below_success_rate") ? health.OptionalNumber("open_below_success_rate", 0, 1, 0) : null,
            OptionalInt32(health, "open_seconds", 1, 3600))
        : null;

    private static InquiryChanges? ReadInquiry(JsonFields fields) => fields.OptionalObject("inquiry", InquiryFields) is { } inquiry
        ? new InquiryChanges(
            OptionalInt32(inquiry, "first_after_ms", 100, 60_000),
            OptionalInt32(inquiry, "not_found_final_after_seconds", 1, 86_400),
            OptionalInt32(inquiry, "give_up_after_seconds", 1, 2_592_000))
        : null;

    private static int? OptionalInt32(JsonFields fields, string name, int min, int max) => (int?)fields.OptionalInteger(name, min, max);

    private static bool IsMethod(string text) => text == Any || Methods.Contains(text);

    private static bool IsNetwork(string text) => text == Any || RoutingConfigurationRequest.Networks.Contains(text);

    private static bool IsCurrency(string text) => text == Any || Currency.TryParse(text, out _);

    private static bool IsCountry(string text) => text == Any || Countries.All.Contains(text);
}
