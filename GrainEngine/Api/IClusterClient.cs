namespace Orleans;

/// <summary>Access to the grains from outside them: hosts, endpoints, projectors.</summary>
public interface IClusterClient : IGrainFactory
{
    IServiceProvider ServiceProvider { get; }
}
