using System.Text.Json;
using Microsoft.Extensions.Logging;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Shared.Security;

namespace OrleansPayments.Grains.Connectors;

/// <summary>
/// Sends to a connector what a permit allows: finds the provider's adapter, opens the credentials, sets the deadline, and turns whatever escapes an adapter
/// into "unknown", because after a call nobody can say that nothing happened.
/// </summary>
internal sealed partial class ConnectorCalls(PaymentProviders providers, ISecretSealer sealer, TimeProvider time, ILogger<ConnectorCalls> logger)
{
    public Task<ChargeResult> Charge(ConnectorPermit permit, ChargeRequest request) =>
        Call(permit, "charge", (provider, access, deadline) => provider.Charge(access, request, deadline));

    public Task<ChargeResult> FindCharge(ConnectorPermit permit, ChargeInquiry inquiry) =>
        Call(permit, "inquiry", (provider, access, deadline) => provider.FindCharge(access, inquiry, deadline));

    public TimeSpan ReplayWindowOf(ConnectorPermit permit) => providers.Find(permit.Provider)?.ReplayWindow ?? TimeSpan.Zero;

    private async Task<ChargeResult> Call(
        ConnectorPermit permit, string operation, Func<IPaymentProvider, ConnectorAccess, CancellationToken, Task<ChargeResult>> call)
    {
        try
        {
            var provider = providers.Find(permit.Provider)
                ?? throw new InvalidOperationException($"Connector {permit.Connector} names the provider {permit.Provider}, which is not built in.");
            var access = new ConnectorAccess(permit.Connector, SealedCredentials.Open(sealer, permit));
            using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(permit.Settings.TimeoutMs), time);
            return await call(provider, access, deadline.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogAdapterFailed(e, permit.Connector, operation);
            return new ChargeResult.Unknown("adapter_error");
        }
    }

    [LoggerMessage(1, LogLevel.Error, "The adapter of connector {Connector} failed in a {Operation}")]
    private partial void LogAdapterFailed(Exception exception, ConnectorName connector, string operation);
}
