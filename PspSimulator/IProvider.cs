namespace OrleansPayments.PspSimulator;

/// <summary>One simulated payment provider: a folder of its own and one line in <see cref="PspSimulatorHost"/>.</summary>
internal interface IProvider
{
    /// <summary>The first path segment of its calls and the <c>provider</c> of its charges, lower case.</summary>
    string Name { get; }

    /// <summary>An HTML fragment for the page at <c>/</c>; <c>{{origin}}</c> stands for scheme, host and port.</summary>
    string Guide { get; }

    /// <summary>The codes of its declines that a fault may ask of a charge, the ordinary one first.</summary>
    IReadOnlyList<string> DeclineCodes { get; }

    /// <summary>Adds the provider's routes, all of them under <c>/{Name}/{account}</c>.</summary>
    void Map(IEndpointRouteBuilder routes);
}
