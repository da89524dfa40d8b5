using System.Collections.Immutable;
using OrleansPayments.Connectors;

namespace OrleansPayments.Silo.Api.Connectors;

/// <summary>A connector on the wire; there is no member for credentials.</summary>
internal sealed record ConnectorBody(
    string Name,
    string Object,
    string Provider,
    bool Enabled,
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
            view.Name.Value, "connector", view.Provider, settings.Enabled, settings.Priority, settings.TimeoutMs,
            settings.MaxInFlight ?? ConnectorSettings.DefaultMaxInFlight,
            new CapabilitiesBody(settings.Capabilities.Methods, settings.Capabilities.Currencies, settings.Capabilities.Countries),
            [.. settings.Fees.Select(fee => new FeeBody(fee.Method, fee.Currency, fee.RateBps, fee.Fixed))],
            new HealthSettingsBody(
                settings.Health.WindowSeconds, settings.Health.MinCalls, settings.Health.OpenBelowSuccessRate, settings.Health.OpenSeconds),
            new InquirySettingsBody(settings.Inquiry.FirstAfterMs, settings.Inquiry.NotFoundFinalAfterSeconds, settings.Inquiry.GiveUpAfterSeconds),
            settings.MerchantId?.Value, view.Version, view.CreatedAt, view.UpdatedAt);
    }
}

internal sealed record CapabilitiesBody(ImmutableArray<string> Methods, ImmutableArray<string> Currencies, ImmutableArray<string> Countries);

internal sealed record FeeBody(string Method, string Currency, int RateBps, long Fixed);

internal sealed record HealthSettingsBody(int WindowSeconds, int MinCalls, double OpenBelowSuccessRate, int OpenSeconds);

internal sealed record InquirySettingsBody(int FirstAfterMs, int NotFoundFinalAfterSeconds, int GiveUpAfterSeconds);
