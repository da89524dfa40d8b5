using Microsoft.Extensions.Logging;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors.Health;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Grains.Shared.Security;

namespace OrleansPayments.Grains.Connectors;

/// <summary>One connector: its settings and sealed credentials here, leave to charge and its health beside.</summary>
[GrainType("connector")]
internal sealed partial class ConnectorGrain(
    IJournal journal, PaymentProviders providers, ISecretSealer sealer, ConnectorMetrics metrics, TimeProvider time, ILogger<ConnectorGrain> logger)
    : JournaledGrain<ConnectorState, ConnectorEvent>(journal, ConnectorJson.Default.ConnectorEventArray), IConnectorGrain
{
    private ConnectorName Name => ConnectorName.Parse(this.GetPrimaryKeyString());

    protected override string EntityId => "connector/" + this.GetPrimaryKeyString();

    public async Task<Outcome<CreateConnectorResult>> Create(CreateConnector command)
    {
        if (State is { } existing) return await Repeat(existing, command);
        if (Check(command) is { } refusal) return refusal;

        // Known to the directory before it exists: a crash in between leaves a name without a connector, never a connector that routing misses.
        if ((await GrainFactory.Routing().Register(Name)).Refusal is { } full) return full;

        var credentials = SealedCredentials.Seal(sealer, Name, command.Credentials);
        await Record(new ConnectorCreated(command.Provider, command.Settings, credentials, command.CreationKey));
        return await Announce(State!, replayed: false);
    }

    public Task<ConnectorView?> Get() => Task.FromResult(State?.ToView());

    public async Task<ConnectorPermit?> RequestPermit(PermitPurpose purpose)
    {
        if (purpose == PermitPurpose.Charge) return (await RequestChargePermit()).Permit;
        return State is { } state ? PermitOf(state, number: 0) : null;
    }

    protected override ConnectorState Apply(ConnectorState? state, ConnectorEvent happened, int version, DateTimeOffset at) => happened switch
    {
        ConnectorCreated e => new ConnectorState(Name, e.Provider, e.Settings, e.SealedCredentials, e.CreationKey, version, at, at),
        _ => throw new InvalidDataException($"A connector does not know {happened.GetType().Name}."),
    };

    private async Task<Outcome<CreateConnectorResult>> Repeat(ConnectorState existing, CreateConnector command)
    {
        if (existing.CreationKey != command.CreationKey)
        {
            return new Refusal(RefusalCode.ConnectorExists, $"A connector named '{Name}' exists.", "/name");
        }

        // The first request may have died between its record and this.
        return await Announce(existing, replayed: true);
    }

    private async Task<Outcome<CreateConnectorResult>> Announce(ConnectorState state, bool replayed)
    {
        var view = state.ToView();
        await GrainFactory.Routing().Refresh(view);
        return new CreateConnectorResult(view, replayed);
    }

    private Refusal? Check(CreateConnector command) => providers.Find(command.Provider) is { } provider
        ? provider.CheckCredentials(command.Credentials)
        : new Refusal(RefusalCode.UnknownProvider, $"The provider must be one of: {string.Join(", ", providers.Names)}.", "/provider");
}
