using System.ComponentModel.DataAnnotations;

namespace OrleansPayments.Silo.Persistence.Projections;

/// <summary>The projectors' limits. Section <c>Projector</c>.</summary>
public sealed class ProjectorOptions
{
    /// <summary>Rows of the journal that one round reads, shared fairly among the shards with news. Default 2000; 1 to 20 000.</summary>
    [Range(1, 20_000)]
    public int MaxRows { get; set; } = 2000;

    /// <summary>How often all shards are looked at even if no writer reported anything. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause after an error that may pass; pauses double from 50 ms. Default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan MaxBackOff { get; set; } = TimeSpan.FromSeconds(2);

    /// <exception cref="ValidationException">An option is out of its range.</exception>
    public void ThrowIfInvalid() => Validator.ValidateObject(this, new ValidationContext(this), validateAllProperties: true);
}
