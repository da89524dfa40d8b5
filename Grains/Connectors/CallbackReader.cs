using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Shared.Security;

namespace OrleansPayments.Grains.Connectors;

/// <summary>Finds out whether a callback comes from a connector's provider, and what it says. Sends nothing and changes nothing.</summary>
public sealed partial class CallbackReader(IGrainFactory grains, IEnumerable<IPaymentProvider> builtIn, ISecretSealer sealer, ILogger<CallbackReader> logger)
{
    private readonly PaymentProviders _providers = new(builtIn);

    /// <returns>Null when there is no such connector.</returns>
    public async Task<CallbackReading?> Read(ConnectorName connector, CallbackRequest request)
    {
        if (await grains.Connector(connector).RequestPermit(PermitPurpose.Inquiry) is not { } permit) return null;
        if (_providers.Find(permit.Provider) is not { } provider) return new CallbackReading.Refused("provider_not_built_in");

        try
        {
            return Seal(provider.ReadCallback(new ConnectorAccess(connector, SealedCredentials.Open(sealer, permit)), request));
        }
        catch (Exception e) when (e is CryptographicException or JsonException or InvalidDataException)
        {
            // Without the secret nothing can be verified, and what cannot be verified is not believed.
            LogCredentialsUnreadable(e, connector);
            return new CallbackReading.Refused("credentials_unreadable");
        }
    }

    private CallbackReading Seal(CallbackReading reading) => reading is CallbackReading.About { Notice.NextAction: { } action } about
        ? about with { Notice = about.Notice with { NextAction = SealedAction.Seal(sealer, about.Payment, action) } }
        : reading;

    [LoggerMessage(1, LogLevel.Error, "Callbacks of connector {Connector} cannot be verified: its credentials cannot be opened")]
    private partial void LogCredentialsUnreadable(Exception exception, ConnectorName connector);
}
