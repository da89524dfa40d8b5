using System.Collections.Immutable;
using System.Text.Json;
using OrleansPayments.Connectors;
using OrleansPayments.Silo.Api.Json;
using OrleansPayments.Silo.Api.Merchants;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Connectors;

/// <summary>The body of <c>POST /connectors</c>. A class and not a record: a generated <c>ToString</c> would reach for the credentials.</summary>
internal sealed class ConnectorRequest(ConnectorName name, string provider, ConnectorSettings settings, ConnectorCredentials credentials)
{
    public const int DefaultPriority = 100;
    public const int DefaultTimeoutMs = 10_000;
    public const int MaxPriority = 1_000_000;
    public const int MinTimeoutMs = 100;
    public const int MaxTimeoutMs = 20_000;
    public const int MaxProviderLength = 64;
    public const int DefaultMaxInFlight = ConnectorSettings.DefaultMaxInFlight;
    public const int MostInFlight = 10_000;
    public const int MaxFees = 200;
    public const int MaxCodes = 250;
    public const long MaxFixedFee = 999_999_999_999;
    public const string Any = "*";

    public static ImmutableArray<string> Fields { get; } =
        ["name", "provider", "enabled", "priority", "timeout_ms", "credentials", "capabilities", "fees", "health", "inquiry", "merchant_id", "max_in_flight"];

    public static ImmutableArray<string> CapabilityFields { get; } = ["methods", "currencies", "countries"];

    public static ImmutableArray<string> FeeFields { get; } = ["method", "currency", "rate_bps", "fixed"];

    public static ImmutableArray<string> HealthFields { get; } = ["window_seconds", "min_calls", "open_below_success_rate", "open_seconds"];

    public static ImmutableArray<string> InquiryFields { get; } = ["first_after_ms", "not_found_final_after_seconds", "give_up_after_seconds"];

    /// <summary>The payment methods of the API; a connector may name one before the API takes payments with it.</summary>
    public static ImmutableArray<string> Methods { get; } = ["card", "wallet", "bank_transfer", "crypto", "account"];

    public static MapLimits CredentialLimits { get; } = new(MaxCount: 20, MaxKeyLength: 64, MinValueLength: 1, MaxValueLength: 8192);

    private static readonly string MethodRule = $"The value must be one of: {string.Join(", ", Methods)}, *.";

    private const string CurrencyRule = "The value must be an ISO 4217 code in upper case, or *.";

    private const string CountryRule = "The value must be an ISO 3166-1 alpha-2 code in upper case, or *.";

    public ConnectorName Name { get; } = name;

    public string Provider { get; } = provider;

    public ConnectorSettings Settings { get; } = settings;

    public ConnectorCredentials Credentials { get; } = credentials;

    public static ConnectorRequest Read(JsonElement body, Faults faults)
    {
        var fields = JsonFields.Read(body, "", faults, Fields);
        if (!ConnectorName.TryParse(fields.RequiredText("name", 255), out var name))
        {
            fields.Refuse(
                ProblemCatalogue.InvalidValue, "name",
                $"The value must have 1 to {ConnectorName.MaxLength} lower-case letters, digits, - or _, and begin with a letter or a digit.");
        }

        var provider = fields.RequiredText("provider", MaxProviderLength);
        var settings = new ConnectorSettings(
            fields.OptionalBoolean("enabled", true),
            fields.OptionalInt32("priority", 0, MaxPriority, DefaultPriority),
            fields.OptionalInt32("timeout_ms", MinTimeoutMs, MaxTimeoutMs, DefaultTimeoutMs),
            ReadCapabilities(fields),
            fields.OptionalArray("fees", MaxFees, ReadFee) ?? [],
            ReadHealth(fields),
            ReadInquiry(fields),
            ReadMerchant(fields),
            fields.OptionalInt32("max_in_flight", 1, MostInFlight, DefaultMaxInFlight) is var most && most == DefaultMaxInFlight ? null : most);
        return new ConnectorRequest(name, provider, settings, new ConnectorCredentials(fields.RequiredMap("credentials", CredentialLimits)));
    }

    /// <summary>Everything that was asked, defaults filled in: two bodies that make the same connector are the same request.</summary>
    public void WriteCanonical(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        WriteCapabilities(writer);
        writer.WriteStartObject("credentials");
        foreach (var (key, value) in Credentials.Values) writer.WriteString(key, value);
        writer.WriteEndObject();
        writer.WriteBoolean("enabled", Settings.Enabled);
        WriteFees(writer, Settings.Fees);
        writer.WriteStartObject("health");
        writer.WriteNumber("min_calls", Settings.Health.MinCalls);
        writer.WriteNumber("open_below_success_rate", Settings.Health.OpenBelowSuccessRate);
        writer.WriteNumber("open_seconds", Settings.Health.OpenSeconds);
        writer.WriteNumber("window_seconds", Settings.Health.WindowSeconds);
        writer.WriteEndObject();
        writer.WriteStartObject("inquiry");
        writer.WriteNumber("first_after_ms", Settings.Inquiry.FirstAfterMs);
        writer.WriteNumber("not_found_final_after_seconds", Settings.Inquiry.NotFoundFinalAfterSeconds);
        if (Settings.Inquiry.GiveUpAfterSeconds != InquirySettings.DefaultGiveUpAfterSeconds)
        {
            writer.WriteNumber("give_up_after_seconds", Settings.Inquiry.GiveUpAfterSeconds);
        }

        writer.WriteEndObject();
        if (Settings.MaxInFlight is { } most) writer.WriteNumber("max_in_flight", most);
        if (Settings.MerchantId is { } merchantId) writer.WriteString("merchant_id", merchantId.Value);
        writer.WriteString("name", Name.Value);
        writer.WriteNumber("priority", Settings.Priority);
        writer.WriteString("provider", Provider);
        writer.WriteNumber("timeout_ms", Settings.TimeoutMs);
        writer.WriteEndObject();
    }

    private void WriteCapabilities(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("capabilities");
        WriteSet("countries", Settings.Capabilities.Countries);
        WriteSet("currencies", Settings.Capabilities.Currencies);
        WriteSet("methods", Settings.Capabilities.Methods);
        writer.WriteEndObject();

        void WriteSet(string name, ImmutableArray<string> values)
        {
            writer.WriteStartArray(name);
            foreach (var value in values.Order(StringComparer.Ordinal)) writer.WriteStringValue(value);
            writer.WriteEndArray();
        }
    }

    // The order of fees stays: it may decide which of two that fit applies.
    internal static void WriteFees(Utf8JsonWriter writer, ImmutableArray<ConnectorFee> fees)
    {
        writer.WriteStartArray("fees");
        foreach (var fee in fees)
        {
            writer.WriteStartObject();
            writer.WriteString("currency", fee.Currency);
            writer.WriteNumber("fixed", fee.Fixed);
            writer.WriteString("method", fee.Method);
            writer.WriteNumber("rate_bps", fee.RateBps);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static ConnectorCapabilities ReadCapabilities(JsonFields fields)
    {
        var capabilities = fields.OptionalObject("capabilities", CapabilityFields);
        return new ConnectorCapabilities(
            capabilities?.OptionalTexts("methods", Methods.Length + 1, IsMethod, MethodRule) ?? ["card"],
            capabilities?.OptionalTexts("currencies", MaxCodes, IsCurrency, CurrencyRule) ?? [Any],
            capabilities?.OptionalTexts("countries", MaxCodes, IsCountry, CountryRule) ?? [Any]);
    }

    internal static ConnectorFee ReadFee(JsonElement element, string pointer, Faults faults)
    {
        var fee = JsonFields.Read(element, pointer, faults, FeeFields);
        var method = fee.OptionalText("method", 255) ?? Any;
        var currency = fee.OptionalText("currency", 255) ?? Any;
        if (!IsMethod(method)) fee.Refuse(ProblemCatalogue.InvalidValue, "method", MethodRule);
        if (!IsCurrency(currency)) fee.Refuse(ProblemCatalogue.InvalidValue, "currency", CurrencyRule);
        return new ConnectorFee(method, currency, fee.OptionalInt32("rate_bps", 0, 10_000, 0), fee.OptionalInteger("fixed", 0, MaxFixedFee, 0));
    }

    private static HealthSettings ReadHealth(JsonFields fields)
    {
        var defaults = HealthSettings.Default;
        if (fields.OptionalObject("health", HealthFields) is not { } health) return defaults;
        return new HealthSettings(
            health.OptionalInt32("window_seconds", 1, 3600, defaults.WindowSeconds),
            health.OptionalInt32("min_calls", 1, 10_000, defaults.MinCalls),
            health.OptionalNumber("open_below_success_rate", 0, 1, defaults.OpenBelowSuccessRate),
            health.OptionalInt32("open_seconds", 1, 3600, defaults.OpenSeconds));
    }

    private static InquirySettings ReadInquiry(JsonFields fields)
    {
        var defaults = InquirySettings.Default;
        if (fields.OptionalObject("inquiry", InquiryFields) is not { } inquiry) return defaults;
        return new InquirySettings(
            inquiry.OptionalInt32("first_after_ms", 100, 60_000, defaults.FirstAfterMs),
            inquiry.OptionalInt32("not_found_final_after_seconds", 1, 86_400, defaults.NotFoundFinalAfterSeconds),
            inquiry.OptionalInt32("give_up_after_seconds", 1, 2_592_000, defaults.GiveUpAfterSeconds));
    }

    private static MerchantId? ReadMerchant(JsonFields fields)
    {
        if (fields.OptionalText("merchant_id", 255) is not { } text) return null;
        if (MerchantId.TryParse(text, out var id)) return id;
        fields.Refuse(ProblemCatalogue.InvalidValue, "merchant_id", "The value must be a merchant id.");
        return null;
    }

    private static bool IsMethod(string text) => text == Any || Methods.Contains(text);

    private static bool IsCurrency(string text) => text == Any || Currency.TryParse(text, out _);

    private static bool IsCountry(string text) => text == Any || Countries.All.Contains(text);
}
