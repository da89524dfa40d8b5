using System.Collections.Immutable;
using System.Text.Json;
using OrleansPayments.Connectors;
using OrleansPayments.Silo.Api.Json;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Connectors;

/// <summary>The body of <c>POST /connectors</c>. A class and not a record: a generated <c>ToString</c> would reach for the credentials.</summary>
internal sealed class ConnectorRequest(ConnectorName name, string provider, ConnectorSettings settings, ConnectorCredentials credentials)
{
    public const int DefaultPriority = 100;
    public const int DefaultTimeoutMs = 10_000;
    public const int MaxProviderLength = 64;

    public static ImmutableArray<string> Fields { get; } = ["name", "provider", "merchant_id", .. ConnectorMembers.Fields];

    /// <summary>What a connector has unless it is given something else.</summary>
    public static ConnectorSettings Defaults { get; } = new(
        Enabled: true, DefaultPriority, DefaultTimeoutMs, new ConnectorCapabilities(["card"], [ConnectorMembers.Any], [ConnectorMembers.Any]), [], HealthSettings.Default,
        InquirySettings.Default, MerchantId: null);

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
        fields.Require("credentials");
        var given = ConnectorMembers.Read(fields, faults);
        var settings = given.ApplyTo(Defaults) with { MerchantId = ReadMerchant(fields) };
        return new ConnectorRequest(name, provider, settings, given.Credentials ?? new ConnectorCredentials(JsonText.EmptyMap));
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
        if (Settings.Draining) writer.WriteString("status", ConnectorMembers.NameOf(Settings.Status));
        writer.WriteNumber("timeout_ms", Settings.TimeoutMs);
        writer.WriteEndObject();
    }

    private void WriteCapabilities(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("capabilities");
        if (Settings.Capabilities.Amounts is { } amounts) WriteAmounts(writer, amounts);
        WriteSet("countries", Settings.Capabilities.Countries);
        WriteSet("currencies", Settings.Capabilities.Currencies);
        WriteSet("methods", Settings.Capabilities.Methods);
        if (Settings.Capabilities.Networks is { } networks) WriteSet("networks", networks);
        writer.WriteEndObject();

        void WriteSet(string name, ImmutableArray<string> values)
        {
            writer.WriteStartArray(name);
            foreach (var value in values.Order(StringComparer.Ordinal)) writer.WriteStringValue(value);
            writer.WriteEndArray();
        }
    }

    private static void WriteAmounts(Utf8JsonWriter writer, ImmutableArray<AmountRange> amounts)
    {
        writer.WriteStartArray("amounts");
        foreach (var range in amounts.OrderBy(range => range.Currency, StringComparer.Ordinal))
        {
            writer.WriteStartObject();
            writer.WriteString("currency", range.Currency);
            if (range.Max is { } max) writer.WriteNumber("max", max);
            if (range.Min is { } min) writer.WriteNumber("min", min);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    // The order of fees stays, as it always did: it once could decide which of two that fit applies.
    internal static void WriteFees(Utf8JsonWriter writer, ImmutableArray<ConnectorFee> fees)
    {
        writer.WriteStartArray("fees");
        foreach (var fee in fees)
        {
            writer.WriteStartObject();
            writer.WriteString("currency", fee.Currency);
            if (fee.EffectiveFrom is { } from) writer.WriteString("effective_from", from);
            if (fee.EffectiveUntil is { } until) writer.WriteString("effective_until", until);
            writer.WriteNumber("fixed", fee.Fixed);
            writer.WriteString("method", fee.Method);
            if (fee.Network is { } network) writer.WriteString("network", network);
            writer.WriteNumber("rate_bps", fee.RateBps);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static MerchantId? ReadMerchant(JsonFields fields)
    {
        if (fields.OptionalText("merchant_id", 255) is not { } text) return null;
        if (MerchantId.TryParse(text, out var id)) return id;
        fields.Refuse(ProblemCatalogue.InvalidValue, "merchant_id", "The value must be a merchant id.");
        return null;
    }
}
