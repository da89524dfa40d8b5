using System.Collections.Immutable;
using OrleansPayments.Connectors;

namespace OrleansPayments.Silo.Api.Connectors;

/// <summary>A connector on the wire; there is no member for credentials.</summary>
internal sealed record ConnectorBody(
    string Name,
    string Object,
    string Provider,
    bool Enabled,
    string Status,
    int Priority,
    int TimeoutMs,
    int MaxInFlight,
    CapabilitiesBody Capabilities,
    ImmutableArray<FeeBody> Fees,
    HealthSettingsBody Health,
    InquirySettingsBody Inquiry,
    string? MerchantId,
    int Version,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static ConnectorBody Of(ConnectorView view)
    {
        var settings = view.Settings;
        return new ConnectorBody(
            view.Name.Value, "connector", view.Provider, settings.Enabled, ConnectorMembers.NameOf(settings.Status), settings.Priority, settings.TimeoutMs,
            settings.MaxInFlight ?? ConnectorSettings.DefaultMaxInFlight,
            CapabilitiesBody.Of(settings.Capabilities),
            [.. settings.Fees.Select(FeeBody.Of)],
            new HealthSettingsBody(
                settings.Health.WindowSeconds, settings.Health.MinCalls, settings.Health.OpenBelowSuccessRate, settings.Health.OpenSeconds),
            new InquirySettingsBody(settings.Inquiry.FirstAfterMs, settings.Inquiry.NotFoundFinalAfterSeconds, settings.Inquiry.GiveUpAfterSeconds),
            settings.MerchantId?.Value, view.Version, view.CreatedAt, view.UpdatedAt);
    }
}

/// <param name="Amounts">Empty where nothing limits them.</param>
internal sealed record CapabilitiesBody(
    ImmutableArray<string> Methods,
    ImmutableArray<string> Currencies,
    ImmutableArray<string> Countries,
    ImmutableArray<string> Networks,
    ImmutableArray<AmountRangeBody> Amounts)
{
    public static CapabilitiesBody Of(ConnectorCapabilities capabilities) => new(
        capabilities.Methods, capabilities.Currencies, capabilities.Countries, capabilities.Networks ?? [ConnectorMembers.Any],
        [.. (capabilities.Amounts ?? []).Select(range => new AmountRangeBody(range.Currency, range.Min, range.Max))]);
}

internal sealed record AmountRangeBody(string Currency, long? Min, long? Max);

internal sealed record FeeBody(
    string Method, string Network, string Currency, int RateBps, long Fixed, DateTimeOffset? EffectiveFrom, DateTimeOffset? EffectiveUntil)
{
    public static FeeBody Of(ConnectorFee fee) =>
        new(fee.Method, fee.Network ?? ConnectorMembers.Any, fee.Currency, fee.RateBps, fee.Fixed, fee.EffectiveFrom, fee.EffectiveUntil);
}

internal sealed record HealthSettingsBody(int WindowSeconds, int MinCalls, double OpenBelowSuccessRate, int OpenSeconds);

internal sealed record InquirySettingsBody(int FirstAfterMs, int NotFoundFinalAfterSeconds, int GiveUpAfterSeconds);
